// Asks each Parquet file named on the command line what it holds, through every predicate on every column, once from the file, where DuckDB skips row groups by the bounds in the footer,
// and once from a copy in memory, which was made without any filter. Says as JSON how many questions that were and which answers differ.
import { DuckDBInstance } from '@duckdb/node-api';

const instance = await DuckDBInstance.create(':memory:');
const connection = await instance.connect();

async function rows(sql) {
  const reader = await connection.runAndReadAll(sql);
  return reader.getRowObjectsJson();
}

// Both zeros are equal to DuckDB: which of them min and max give depends on the thread that came first.
const same = (a, b) => a === b || ([a, b].every((v) => v === '0.0' || v === '-0.0'));

const text = (value) => `'${value.replaceAll("'", "''")}'`;
const name = (value) => `"${value.replaceAll('"', '""')}"`;

// Values that a bound may be wrong about, whether the column holds them or not.
const special = {
  DOUBLE: ['0', '-0.0', '1', '-1', "'NaN'", "'inf'", "'-inf'", '1.7976931348623157e308', '4.9e-324'],
  BIGINT: ['0', '1', '-1', '9223372036854775807', "'-9223372036854775808'"],
  INTEGER: ['0', '1', '-1', '2147483647', "'-2147483648'"],
  BOOLEAN: ['true', 'false'],
  VARCHAR: ["''", "'0'", "'a'", "'z'", "chr(55295)", "chr(57344)", "chr(65533)", "chr(65536)", "chr(1114111)"],
  'TIMESTAMP WITH TIME ZONE': ["'epoch'", "'2026-03-01 12:00:00.001+00'", "'1969-12-31 23:59:59.999+00'", "'9999-12-31 23:59:59.999+00'"],
};

// A row for each of up to 12 values that the column holds.
const drawn = (c) => `select min(n) as n from copy where ${c} is not null group by ${c} order by hash(min(n)) limit 12`;

function predicates(c, value) {
  return [
    ...['=', '<>', '<', '<=', '>', '>='].map((op) => `${c} ${op} ${value}`),
    `${c} is distinct from ${value}`, `${c} is not distinct from ${value}`, `not (${c} = ${value})`, `${c} = ${value} or ${c} is null`, `${c} in (${value}, null)`, `${c} between ${value} and ${value}`,
  ];
}

async function check(file) {
  const from = `read_parquet(${text(file)}, file_row_number = true)`;
  await connection.run(`create or replace table copy as select * exclude (file_row_number), file_row_number as n from ${from}`);
  const columns = (await rows(`describe select * exclude (n) from copy`)).map((c) => ({ column: name(c.column_name), type: c.column_type }));
  const differ = [];
  let asked = 0;

  // All of a value at once, each a query of its own within one.
  async function ask(questions) {
    asked += questions.length;
    const of = (table) => `select ${questions.map((q, i) => `(${q(table)}) as a${i}`).join(', ')}`;
    const [[inFile], [inCopy]] = [await rows(of(`read_parquet(${text(file)})`)), await rows(of('copy'))];
    questions.forEach((q, i) => {
      const [a, b] = [inFile[`a${i}`], inCopy[`a${i}`]];
      if (!same(a, b)) differ.push({ question: q('FILE'), inFile: a, inCopy: b });
    });
  }
  const count = (p) => (t) => `select count(*)::VARCHAR from ${t} where ${p}`;

  for (const { column: c, type } of columns) {
    const values = special[type].map((v) => (v.startsWith('chr') ? v : `${v}::${type}`));
    for (const { n } of await rows(drawn(c))) {
      // A variable is a constant by the time DuckDB looks at the bounds; a subquery would not be.
      await connection.run(`set variable v${n} = (select ${c} from copy where n = ${n})`);
      values.push(`getvariable('v${n}')`);
    }
    for (const value of values) await ask(predicates(c, value).map(count));
    const kinds = { DOUBLE: ['isnan(C)', 'isinf(C)', 'isfinite(C)'], BOOLEAN: ['C', 'not C'], VARCHAR: ["C like 'a%'", 'starts_with(C, chr(57344))'] }[type] ?? [];
    await ask([`${c} is null`, `${c} is not null`, ...kinds.map((k) => k.replace('C', c))].map(count));
    await ask([`count(${c})`, `count(distinct ${c})`, `min(${c})`, `max(${c})`].map((of) => (t) => `select (${of})::VARCHAR from ${t}`));
  }
  return { file, columns: columns.length, asked, differ };
}

const answers = [];
for (const file of process.argv.slice(2)) answers.push(await check(file));
console.log(JSON.stringify(answers));
