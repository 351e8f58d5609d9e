using Rouser.Orchestrator.Progress;
using Spectre.Console;

namespace Rouser.Orchestrator.Tests.Progress;

/// <summary>The bar beside each trial in the view of a run.</summary>
public sealed class ProgressBarTests
{
    [Theory]
    [InlineData(0, "────────────────────")]
    [InlineData(0.5, "━━━━━━━━━━──────────")]
    [InlineData(1, "━━━━━━━━━━━━━━━━━━━━")]
    [InlineData(1.5, "━━━━━━━━━━━━━━━━━━━━")]
    public void It_is_as_full_as_its_share(double share, string expected) =>
        Assert.Equal([expected], Lines(new ProgressBar(share), width: 40));

    [Theory]
    [InlineData(40)]
    [InlineData(25)]
    [InlineData(22)]
    public void In_a_row_that_is_short_of_space_it_is_shorter_and_never_wraps(int width)
    {
        Table table = new Table().Border(TableBorder.None).HideHeaders();
        table.AddColumn("", text => text.NoWrap()).AddColumn("").AddColumn("", text => text.NoWrap());
        table.AddRow(new Text("be73a89f"), new ProgressBar(0.5), new Text("57.5 %"));
        string line = Assert.Single(Lines(table, width));
        Assert.StartsWith("be73a89f ", line);
        Assert.EndsWith(" 57.5 %", line.TrimEnd());
    }

    private static string[] Lines(Spectre.Console.Rendering.IRenderable what, int width)
    {
        using var text = new StringWriter();
        IAnsiConsole console = AnsiConsole.Create(
            new AnsiConsoleSettings { Ansi = AnsiSupport.No, Out = new AnsiConsoleOutput(text) }
        );
        console.Profile.Width = width;
        console.Profile.Capabilities.Unicode = true;
        console.Write(what);
        return text.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
