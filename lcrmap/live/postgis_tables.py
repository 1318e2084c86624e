"""The tables of a live map in PostgreSQL. Texts are in the order of their bytes, as everywhere."""

from __future__ import annotations

from typing import Final

__all__ = ["TABLES_OF"]

TABLES_OF: Final = """
create table meta (name text collate "C" primary key, value text not null);
create table features (
    layer text collate "C" not null, id text collate "C" not null, seq bigint not null, body text not null,
    shape geometry(Geometry, 4326), primary key (layer, id));
create index features_by_shape on features using gist (shape);
create table log (
    seq bigint primary key, time text not null, who text not null, layer text collate "C" not null,
    feature text collate "C" not null, kind text not null, before text, after text, remark text not null,
    previous text not null, hash text not null);
create index log_of_feature on log (layer, feature, seq);
create index log_of_layer on log (layer, seq);
create table requests (who text collate "C", token text collate "C", seq bigint not null, primary key (who, token));
create table users (key text collate "C" primary key, digest text not null, text text not null);
create table stations (id text collate "C" primary key, body text not null);
create table readings (
    number bigint primary key, station text collate "C" not null, property text collate "C" not null,
    time text collate "C" not null, received text not null, who text not null, value double precision not null,
    unit text not null, quality text not null, replaces bigint, replaced_by bigint);
create unique index readings_now on readings (station, property, time) where replaced_by is null;
create index readings_by_time on readings (time);
create table latest (
    station text collate "C", property text collate "C", time text collate "C" not null, number bigint not null,
    primary key (station, property));
create unlogged table here (name text collate "C" primary key, at double precision, text text);
create unlogged table crowd (process text collate "C" primary key, at double precision, count bigint);
"""
