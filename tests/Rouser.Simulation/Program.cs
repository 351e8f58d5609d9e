using System.CommandLine;
using System.Globalization;
using Rouser.Simulation;
using Rouser.Simulation.Defects;

CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;

Option<int> seeds = new("--seeds") { Description = "How many seeds to run.", DefaultValueFactory = _ => 1000 };
Option<long> from = new("--from") { Description = "The first of them.", DefaultValueFactory = _ => 1 };
Option<long?> one = new("--seed") { Description = "Run this seed alone." };
Option<bool> trace = new("--trace") { Description = "With --seed: print everything that happens." };
Option<int> threads = new("--threads")
{
    Description = "Seeds at a time.",
    DefaultValueFactory = _ => Environment.ProcessorCount,
};
Option<string?> defect = new("--defect")
{
    Description = $"Put a defect in: {string.Join(", ", Build.Defective.Keys)}; or 'all', one after the other.",
};
defect.AcceptOnlyFromAmong([.. Build.Defective.Keys, "all"]);

RootCommand command = new(
    "Runs sweeps under virtual time with everything going wrong, and checks what must hold all the same. Exit code 1 if not."
)
{
    seeds,
    from,
    one,
    trace,
    threads,
    defect,
};
command.SetAction(parsed =>
{
    string? name = parsed.GetValue(defect);
    if (name == "all")
        return Printer.FindDefects(parsed.GetValue(from), parsed.GetValue(seeds), parsed.GetValue(threads));
    Printer printer = new(name);
    return parsed.GetValue(one) is long seed
        ? printer.RunOne(seed, parsed.GetValue(trace))
        : printer.RunMany(parsed.GetValue(from), parsed.GetValue(seeds), parsed.GetValue(threads));
});
return command.Parse(args).Invoke();
