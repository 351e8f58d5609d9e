// Writes one table as Parquet files into the folder named on the command line, in each way that DuckDB knows and our reader must.
import { DuckDBInstance } from '@duckdb/node-api';

const instance = await DuckDBInstance.create(':memory:');
const connection = await instance.connect();
const folder = process.argv[2];

await connection.run(`create table t as select
  i::INT as i,
  case when i % 3 = 0 then null else (i * 1000000007)::BIGINT end as l,
  case when i % 7 = 0 then null when i % 11 = 0 then 'NaN'::DOUBLE else i / 8.0 end as d,
  (i / 4.0)::FLOAT as f,
  case when i % 5 = 0 then null else i % 2 = 0 end as b,
  case when i % 4 = 0 then null else 'täxt ' || (i % 10) end as few,
  'unique 🧠 ' || i as text,
  make_timestamptz(1700000000000000 + i * 1000001) as t,
  make_timestamp(1700000000000000 + i * 1000001) as local,
  null::VARCHAR as nothing
  from range(5000) r(i)`);

const to = (file) => `'${folder.replaceAll("'", "''")}/${file}.parquet'`;
for (const codec of ['uncompressed', 'snappy', 'gzip', 'zstd']) {
  await connection.run(`copy t to ${to(`v1-${codec}`)} (format parquet, codec '${codec}', row_group_size 2048)`);
  // Of what version 2 brings, the new pages; the delta encodings of numbers are left to delta.parquet.
  await connection.run(`copy (select b, few from t) to ${to(`v2-${codec}`)} (format parquet, parquet_version 'V2', codec '${codec}', row_group_size 2048)`);
}
// Small enough to damage and read thousands of times, without a checksum that would find the damage before a decoder meets it: tests/Rouser.Storage.Tests/Parquet/Fixtures/foreign.
for (const codec of ['uncompressed', 'snappy']) {
  await connection.run(`copy (select * from t limit 60) to ${to(`small-v1-${codec}`)} (format parquet, codec '${codec}')`);
  await connection.run(`copy (select b, few from t limit 60) to ${to(`small-v2-${codec}`)} (format parquet, parquet_version 'V2', codec '${codec}')`);
}
await connection.run(`copy (select i from t) to ${to('delta')} (format parquet, parquet_version 'V2')`);
