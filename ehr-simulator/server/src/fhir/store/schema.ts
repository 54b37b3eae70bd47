/**
 * One database a trust, so no row needs to name its tenant: a store cannot be asked across trusts.
 *
 * Each kind of search parameter has one narrow table, clustered by (parameter, value) so that equality is a range scan,
 * and an index by resource for updates, `_include` and `_sort`.
 */
export const SCHEMA = `
create table if not exists store_note (name text primary key, value text not null) without rowid;
create table if not exists search_parameter (id integer primary key, name text not null unique);
create table if not exists resource (
  pk integer primary key, type text not null, id text not null, version integer not null, updated integer not null,
  deleted integer not null default 0, json text, unique (type, id));
create index if not exists resource_updated on resource (type, updated);
create table if not exists version (
  seq integer primary key, type text not null, id text not null, version integer not null, updated integer not null,
  method text not null, json text, unique (type, id, version));
create index if not exists version_of_type on version (type, seq);
create table if not exists index_token (
  parameter integer not null, code text not null, system text not null, pk integer not null,
  primary key (parameter, code, system, pk)) without rowid;
create index if not exists index_token_pk on index_token (pk, parameter);
create table if not exists index_reference (
  parameter integer not null, target text not null, pk integer not null, primary key (parameter, target, pk)) without rowid;
create index if not exists index_reference_pk on index_reference (pk, parameter);
create table if not exists index_string (
  parameter integer not null, folded text not null, exact text not null, pk integer not null,
  primary key (parameter, folded, exact, pk)) without rowid;
create index if not exists index_string_pk on index_string (pk, parameter);
create table if not exists index_date (
  parameter integer not null, low integer not null, high integer not null, pk integer not null,
  primary key (parameter, low, high, pk)) without rowid;
create index if not exists index_date_pk on index_date (pk, parameter);
create table if not exists index_number (
  parameter integer not null, low real not null, high real not null, system text not null, code text not null, pk integer not null,
  primary key (parameter, low, high, system, code, pk)) without rowid;
create index if not exists index_number_pk on index_number (pk, parameter);
`

export const INDEX_TABLES = ['index_token', 'index_reference', 'index_string', 'index_date', 'index_number'] as const
