"""Answers as things for people: tables now, pictures and reports to come."""
