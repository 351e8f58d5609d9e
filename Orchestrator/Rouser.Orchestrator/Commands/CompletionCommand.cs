using System.CommandLine;

namespace Rouser.Orchestrator.Commands;

/// <summary>
/// <c>rouser completion SHELL</c>: a script by which a shell completes commands, options and their values. It asks the program
/// itself, by the directive <c>[suggest]</c> of System.CommandLine, so it never has to follow a change of the commands.
/// </summary>
internal static class CompletionCommand
{
    public static Command Build()
    {
        var shell = new Argument<string>("SHELL") { Description = "The shell." };
        shell.AcceptOnlyFromAmong("bash", "zsh", "fish");
        var command = new Command(
            "completion",
            "Print the completion script of a shell. For bash, put eval \"$(rouser completion bash)\" into ~/.bashrc."
        )
        {
            shell,
        };
        command.SetAction(parsed =>
        {
            Console.Out.Write(Script(parsed.GetRequiredValue(shell)));
            return ExitCode.Ok;
        });
        return command;
    }

    // /? and /h are the help options of Windows. Where nothing is suggested, the shell offers files.
    private static string Script(string shell) =>
        shell switch
        {
            "bash" => """
                # eval "$(rouser completion bash)"
                _rouser() {
                  local line="${COMP_LINE:0:COMP_POINT}" IFS=$'\n'
                  COMPREPLY=($(compgen -W "$("${COMP_WORDS[0]}" "[suggest:${#line}]" "$line" 2>/dev/null | grep -v '^/')" -- "${COMP_WORDS[COMP_CWORD]}"))
                }
                complete -o default -F _rouser rouser

                """,
            "zsh" => """
                # eval "$(rouser completion zsh)", after compinit
                _rouser() {
                  local line="${BUFFER[1,CURSOR]}"
                  local -a words_found
                  words_found=(${(f)"$("${words[1]}" "[suggest:${#line}]" "$line" 2>/dev/null | grep -v '^/')"})
                  compadd -a words_found || _files
                }
                compdef _rouser rouser

                """,
            _ => """
                # rouser completion fish | source
                function __rouser
                  set --local line (commandline --cut-at-cursor)
                  rouser "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null | string match --invert '/*'
                end
                complete --command rouser --arguments '(__rouser)'

                """,
        };
}
