using System.Diagnostics;

namespace Rouser.Orchestrator.Tests.Documentation;

/// <summary>The completion script in a real shell.</summary>
public class CompletionTests
{
    [SkippableTheory]
    [InlineData("rouser re", "report reproduce resume retry")]
    [InlineData("rouser run x.yaml --th", "--threads")]
    [InlineData("rouser export runs/x --format ", "csv json mlflow nir npz optuna-journal tensorboard wandb-offline")]
    [InlineData("rouser completion ", "bash fish zsh")]
    [InlineData("rouser run swe", "")]
    public async Task Bash_completes(string line, string expected)
    {
        Skip.IfNot(File.Exists("/bin/bash"), "There is no bash here.");
        using var folder = new TemporaryFolder();
        string program = folder.Write(
            "rouser",
            $"#!/bin/bash\nexec dotnet exec '{Path.Combine(AppContext.BaseDirectory, "rouser.dll")}' \"$@\"\n"
        );
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var start = new ProcessStartInfo("/bin/bash") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add(
            """
            PATH="$1:$PATH"; eval "$(rouser completion bash)"
            COMP_LINE=$2; COMP_POINT=${#COMP_LINE}
            read -ra COMP_WORDS <<< "$COMP_LINE"; [[ $COMP_LINE == *' ' ]] && COMP_WORDS+=('')
            COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _rouser; echo "${COMPREPLY[*]}"
            """
        );
        start.ArgumentList.Add("bash");
        start.ArgumentList.Add(folder.Path);
        start.ArgumentList.Add(line);
        using Process bash = Process.Start(start)!;
        Finished done = await RouserProcess.WaitAsync(bash);
        Assert.Equal("", done.Errors);
        Assert.Equal(
            expected,
            string.Join(' ', done.Output.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries).Order())
        );
    }
}
