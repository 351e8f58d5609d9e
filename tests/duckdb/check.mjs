// Says as JSON what DuckDB finds in the Parquet files named on the command line: schema, counts, sums, bounds, statistics, metadata.
// All numbers are texts, because JSON would round them.
import { DuckDBInstance } from '@duckdb/node-api';

const instance = await DuckDBInstance.create(':memory:');
const connection = await instance.connect();

async function rows(sql) {
  const reader = await connection.runAndReadAll(sql);
  return reader.getRowObjectsJson();
}

const text = (value) => `'${value.replaceAll("'", "''")}'`;
const name = (value) => `"${value.replaceAll('"', '""')}"`;

// What a column of each type adds up to; timestamps as microseconds, texts as bytes of UTF-8, doubles up to a million.
function sum(column, type) {
  if (type === 'VARCHAR') return `sum(strlen(${column}))`;
  if (type === 'BOOLEAN') return `sum(${column}::INT)`;
  if (type.startsWith('TIMESTAMP')) return `sum(epoch_us(${column})::HUGEINT)`;
  if (type === 'DOUBLE') return `fsum(${column}) filter (where abs(${column}) <= 1e6)`;
  return `sum(${column}::HUGEINT)`;
}

async function column(file, { column_name: column, column_type: type }) {
  const c = name(column);
  const shown = type.startsWith('TIMESTAMP') ? `epoch_us(${c})` : c;
  const special = type === 'DOUBLE' ? `count(*) filter (where isnan(${c}))` : '0';
  const above = type === 'DOUBLE' ? `(select count(*) from read_parquet(${text(file)}) where ${c} > 0.5)` : '0';
  const [totals] = await rows(`select count(${c})::VARCHAR as count, count(distinct ${c})::VARCHAR as distinct, (${sum(c, type)})::VARCHAR as sum,
    min(${shown})::VARCHAR as min, max(${shown})::VARCHAR as max, (${special})::VARCHAR as nan, (${above})::VARCHAR as above from read_parquet(${text(file)})`);
  return { name: column, type, ...totals };
}

async function check(file) {
  const described = await rows(`describe select * from read_parquet(${text(file)})`);
  const columns = [];
  for (const c of described) columns.push(await column(file, c));
  return {
    columns,
    rows: (await rows(`select count(*)::VARCHAR as n from read_parquet(${text(file)})`))[0].n,
    schema: await rows(`select name, type, repetition_type, converted_type, logical_type from parquet_schema(${text(file)})`),
    file: (await rows(`select created_by, num_rows::VARCHAR as num_rows, num_row_groups::VARCHAR as num_row_groups from parquet_file_metadata(${text(file)})`))[0],
    chunks: await rows(`select row_group_id::INT as row_group, path_in_schema as name, num_values::VARCHAR as num_values, stats_null_count::VARCHAR as nulls,
      stats_min_value as min, stats_max_value as max, compression, encodings from parquet_metadata(${text(file)}) order by row_group_id, column_id`),
    metadata: await rows(`select decode(key) as key, decode(value) as value from parquet_kv_metadata(${text(file)}) order by 1`),
  };
}

const answers = [];
for (const file of process.argv.slice(2)) answers.push(await check(file));
console.log(JSON.stringify(answers));
