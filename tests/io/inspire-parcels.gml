<?xml version="1.0" encoding="UTF-8"?>
<wfs:FeatureCollection xmlns:wfs="http://www.opengis.net/wfs/2.0" xmlns:cp="http://inspire.ec.europa.eu/schemas/cp/4.0" xmlns:base="http://inspire.ec.europa.eu/schemas/base/3.3" xmlns:gml="http://www.opengis.net/gml/3.2" xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" timeStamp="2026-04-01T00:00:00Z" numberMatched="2" numberReturned="2" xsi:schemaLocation="http://www.opengis.net/wfs/2.0 http://schemas.opengis.net/wfs/2.0/wfs.xsd http://inspire.ec.europa.eu/schemas/cp/4.0 http://inspire.ec.europa.eu/schemas/cp/4.0/CadastralParcels.xsd">
 <wfs:member>
  <cp:CadastralParcel gml:id="CP.1">
   <cp:areaValue uom="m2">1200.5</cp:areaValue>
   <cp:beginLifespanVersion>2020-01-31T00:00:00Z</cp:beginLifespanVersion>
   <cp:endLifespanVersion nilReason="other:unpopulated" xsi:nil="true"/>
   <cp:geometry>
    <gml:MultiSurface gml:id="g1" srsName="http://www.opengis.net/def/crs/EPSG/0/4258" srsDimension="2"><gml:surfaceMember><gml:Surface gml:id="s1"><gml:patches><gml:PolygonPatch><gml:exterior><gml:LinearRing><gml:posList>53.40 -2.99 53.40 -2.98 53.41 -2.98 53.41 -2.99 53.40 -2.99</gml:posList></gml:LinearRing></gml:exterior></gml:PolygonPatch></gml:patches></gml:Surface></gml:surfaceMember></gml:MultiSurface>
   </cp:geometry>
   <cp:inspireId><base:Identifier><base:localId>1</base:localId><base:namespace>GB.TEST.CP</base:namespace></base:Identifier></cp:inspireId>
   <cp:label>1/2</cp:label>
   <cp:nationalCadastralReference>MS0001</cp:nationalCadastralReference>
   <cp:zoning xlink:href="http://example.org/zone#Z.1"/>
  </cp:CadastralParcel>
 </wfs:member>
 <wfs:member>
  <cp:CadastralParcel gml:id="CP.2">
   <cp:areaValue uom="m2">80</cp:areaValue>
   <cp:geometry>
    <gml:Polygon gml:id="g2" srsName="http://www.opengis.net/def/crs/EPSG/0/4258"><gml:exterior><gml:LinearRing><gml:posList>53.42 -2.99 53.42 -2.98 53.43 -2.98 53.43 -2.99 53.42 -2.99</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon>
   </cp:geometry>
   <cp:inspireId><base:Identifier><base:localId>2</base:localId><base:namespace>GB.TEST.CP</base:namespace></base:Identifier></cp:inspireId>
   <cp:label>3</cp:label>
   <cp:nationalCadastralReference>MS0002</cp:nationalCadastralReference>
   <cp:zoning xlink:href="#Z.1"/>
  </cp:CadastralParcel>
 </wfs:member>
</wfs:FeatureCollection>
