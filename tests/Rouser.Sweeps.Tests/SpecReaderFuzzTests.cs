using System.Text;
using Rouser.Testing;

namespace Rouser.Sweeps.Tests;

public class SpecReaderFuzzTests
{
    private static readonly string[] Fragments =
    [
        "{",
        "}",
        "[",
        "]",
        ":",
        ": ",
        "- ",
        "\n",
        "\n  ",
        "\t",
        "'",
        "\"",
        "#",
        "&a ",
        "*a",
        "!!str ",
        "---\n",
        "...\n",
        "| ",
        "> ",
        "?",
        "%YAML 9.9\n",
        "<<: ",
        ",",
        "~",
        "null",
        "-1",
        "1e999",
        ".nan",
        "0x1F",
        "99999999999999999999",
        "é",
        "\uD800",
        "\u2028",
        "\"\\UFFFFFFFF\"",
        "\"\\xZZ\"",
        "threshold",
        "surrogate.tau",
        "over",
        "points",
        "arms",
        "base",
        "seeds",
    ];

    [Fact]
    public void No_text_makes_the_reader_throw()
    {
        string[] files = [.. Directory.GetFiles(Repository.Path("sweeps"), "*.yaml").Order().Select(File.ReadAllText)];
        int wrong = 0;
        for (long seed = 0; seed < 3_000; seed++)
        {
            RandomStream random = new(seed, "spec fuzz");
            string text = Mutate(files[random.NextInt(files.Length)], random);
            string[] overrides = random.NextInt(3) == 0 ? [$"{Pick(random)}.{Pick(random)}={Pick(random)}{Pick(random)}"] : [];
            try
            {
                Result<SweepSpec> result = SpecReader.Read("x.yaml", text, overrides);
                Assert.All(result.Errors, m => Assert.False(m.ToString().AsSpan().ContainsAny('\n', '\r'), m.ToString()));
                if (result.IsOk)
                    Planner.Create(result.Value, _ => "digest", _ => "test/1");
                else
                    wrong++;
            }
            catch (Exception e)
            {
                Assert.Fail($"Seed {seed}: {e}\n{text}\n{string.Join(' ', overrides)}");
            }
        }
        Assert.InRange(wrong, 1_500, 2_999);
    }

    [Fact]
    public void Nesting_without_end_is_a_mistake()
    {
        foreach (string opening in new[] { "[", "{a: ", "- ", "{[" })
        {
            string deep = string.Concat(Enumerable.Repeat(opening, 100_000));
            Assert.NotEmpty(SpecReader.Read("x.yaml", deep, []).Errors);
            Assert.NotEmpty(SpecReader.Read("x.yaml", "schema: rouser/sweep/v1\nname: x\n", [$"base={deep}"]).Errors);
        }
    }

    private static string Mutate(string text, RandomStream random)
    {
        StringBuilder mutated = new(text);
        for (int n = 1 + random.NextInt(4); n > 0; n--)
        {
            int at = random.NextInt(mutated.Length);
            // csharpier-ignore
            switch (random.NextInt(5))
            {
                case 0: mutated.Insert(at, Pick(random)); break;
                case 1: mutated.Remove(at, Math.Min(mutated.Length - at - 1, 1 + random.NextInt(20))); break;
                case 2: mutated[at] = (char)random.NextInt(random.NextInt(2) == 0 ? 128 : 65_536); break;
                case 3: mutated.Insert(at, mutated.ToString(at, Math.Min(200, mutated.Length - at))); break;
                default: mutated.Length = at + 1; break;
            }
        }
        return mutated.ToString();
    }

    private static string Pick(RandomStream random) => Fragments[random.NextInt(Fragments.Length)];
}
