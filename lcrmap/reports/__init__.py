"""Reports: the answers to several questions as a folder, a web page, a document and a workbook."""
