// Computes with DuckDB, from the three tables in the folder named on the command line, what a report has to print for each row (study, setting, arm) over its completed seeds:
// JSON, one entry per number, with the ends of Student's interval where there are 2 to 9 seeds. Written from the tables' documentation alone, not from the report's code.
import { DuckDBInstance } from '@duckdb/node-api';

const instance = await DuckDBInstance.create(':memory:');
const connection = await instance.connect();
const folder = process.argv[2].replaceAll("'", "''");

async function rows(sql) {
  const reader = await connection.runAndReadAll(sql);
  return reader.getRowObjectsJS();
}

for (const name of ['trials', 'epochs', 'layers']) await connection.run(`create view ${name} as select * from read_parquet('${folder}/${name}.parquet')`);

// The seeds that are completed, and how many each row has.
await connection.run(`create table complete as select study, setting, arm, count(*) as seeds from trials where state = 'completed' group by all`);
await connection.run(`create table cells as select trial_id, study, setting, arm, seed from trials where state = 'completed'`);
await connection.run(`create table ends as select trial_id, max(epoch) as epochs, arg_max(test_accuracy, epoch) as last, max(test_accuracy) as best from epochs group by trial_id`);

const measures = [];
const measure = (table, key, sql) => measures.push(`select '${table}' as report, '${key}' as key, c.*, v.value::DOUBLE as value from cells c join (${sql}) v using (trial_id)`);
measure('accuracy', 'test_accuracy_last_percent', 'select trial_id, 100 * last as value from ends');
measure('accuracy', 'highest_test_accuracy_percent', 'select trial_id, 100 * best as value from ends');
measure('accuracy', 'highest_test_epoch', 'select trial_id, min(epoch) as value from epochs join ends using (trial_id) where test_accuracy = best group by trial_id');
for (const epoch of [1, 2, 5]) measure('accuracy', `test_accuracy_after_${epoch}_percent`, `select trial_id, 100 * test_accuracy as value from epochs where epoch = ${epoch}`);
measure('curve', 'mean', 'select trial_id, 100 * avg(test_accuracy) as value from epochs group by trial_id');
// Reached and kept over three epochs, fewer at the end; a seed that does not get there counts with all epochs, a row none of whose seeds does has no number.
for (const level of ['0.8', '0.9', '0.95']) {
  await connection.run(`create table reached_${level.slice(2)} as select trial_id, min(epoch) filter (test_accuracy >= ${level} and kept >= ${level}) as value, max(epoch) as epochs
    from (select *, avg(test_accuracy) over (partition by trial_id order by epoch rows between current row and 2 following) as kept from epochs) group by trial_id`);
  measure('reach', `epochs_to_${level}`, `select trial_id, coalesce(value, epochs) as value from reached_${level.slice(2)} join cells r using (trial_id) where exists
    (select 1 from cells o join reached_${level.slice(2)} using (trial_id) where value is not null and o.study = r.study and o.setting = r.setting and o.arm = r.arm)`);
}
for (const layer of [1, 2, 3]) {
  for (const [report, share] of [['dead', 'dead_fraction'], ['first-input-dead', '1 - active_fraction']]) {
    measure(report, `dead_last_layer_${layer}_percent`, `select trial_id, 100 * arg_max(${share}, epoch) as value from layers where layer = ${layer} group by trial_id`);
    measure(report, `dead_mean_layer_${layer}_percent`, `select trial_id, 100 * avg(${share}) as value from layers where layer = ${layer} group by trial_id`);
  }
}
await connection.run(`create table measured as ${measures.join(' union all ')}`);

// t(0.975) for 1 to 8 degrees of freedom, from a printed table.
const t = { 2: 12.706204736432095, 3: 4.302652729911275, 4: 3.182446305284263, 5: 2.7764451051977987, 6: 2.570581835636314, 7: 2.446911851144969, 8: 2.364624251592785, 9: 2.306004135204166 };
const withEnds = (n) => ({ report, key, study, setting, arm, value, sd, seeds }) => {
  const half = seeds in n && sd > 1e-9 ? (n[seeds] * sd) / Math.sqrt(seeds) : null;
  return { report, key, study, setting, arm, value, n: seeds, low: half === null ? null : value - half, high: half === null ? null : value + half };
};
const grouped = (from) => `select report, key, study, setting, arm, avg(value) as value, stddev_samp(value) as sd, count(*)::INT as seeds from ${from} group by all`;
const numbers = (await rows(`select g.* from (${grouped('measured')}) g join complete c using (study, setting, arm) where g.seeds = c.seeds`)).map(withEnds(t));

const lasts = `(select * from measured where key = 'test_accuracy_last_percent')`;
numbers.push(...(await rows(`select 'over-seeds' as report, 'test_accuracy_mean_percent' as key, * exclude (report, key) from (${grouped(lasts)})`)).map(withEnds(t)));
for (const [key, f] of [['lowest', 'min'], ['highest', 'max']])
  numbers.push(...(await rows(`select 'over-seeds' as report, 'test_accuracy_${key}_percent' as key, study, setting, arm, ${f}(value) as value, 0.0 as sd, 1 as seeds from ${lasts} group by all`)).map(withEnds({})));
numbers.push(...(await rows(`select 'over-seeds' as report, 'test_accuracy_interquartile_mean_percent' as key, study, setting, arm, avg(value) as value, 0.0 as sd, any_value(n)::INT as seeds
  from (select *, row_number() over w as place, count(*) over (partition by study, setting, arm) as n from ${lasts} window w as (partition by study, setting, arm order by value))
  where n >= 4 and place > n // 4 and place <= n - n // 4 group by study, setting, arm`)).map(withEnds({})));

// Against the arm slayer at the same setting: by seed, and over all pairs of the seeds that both have.
const has = (row, seed) => `exists (select 1 from ${lasts} x where x.study = ${row}.study and x.setting = ${row}.setting and x.arm = ${row}.arm and x.seed = ${seed})`;
const inBoth = `and ${has('b', 'a.seed')} and ${has('a', 'b.seed')}`;
const pairs = (on) => `from ${lasts} a join ${lasts} b on a.study = b.study and a.setting = b.setting and b.arm = 'slayer' and a.arm <> 'slayer' ${on}`;
numbers.push(...(await rows(grouped(`(select 'over-seeds' as report, 'difference_points' as key, a.study, a.setting, a.arm, a.value - b.value as value ${pairs('and a.seed = b.seed')})`))).map(withEnds(t)));
numbers.push(...(await rows(`select 'over-seeds' as report, 'probability_of_improvement' as key, a.study, a.setting, a.arm,
  avg(case when a.value > b.value then 1.0 when a.value = b.value then 0.5 else 0.0 end) as value, 0.0 as sd, sqrt(count(*))::INT as seeds ${pairs(inBoth)} group by all`)).map(withEnds({})));

console.log(JSON.stringify(numbers));
