using System.CommandLine;
using Rouser.Orchestrator.Sessions;

namespace Rouser.Orchestrator.Commands;

/// <summary>The options of every command that trains on this machine.</summary>
internal sealed class TrainingOptions
{
    private readonly Option<int?> _slots = Options.Slots(),
        _threads = Options.Threads();

    private readonly Option<string?> _data = Options.Data(),
        _journal = Options.Journal(),
        _store = Options.Store();

    private readonly Option<bool> _quiet = Options.Quiet();
    private readonly NotifyOptions _notify = new();

    /// <summary>For a command that begins a run, or goes on with one whose data may have moved.</summary>
    public TrainingOptions(bool goesOn = false)
    {
        if (goesOn)
            _data.Description = "Folder of the recorded data set, if it has moved.";
    }

    /// <summary>All of them.</summary>
    public IEnumerable<Option> All => [_slots, _threads, _data, _journal, _store, _quiet, .. _notify.All];

    /// <summary>Adds them.</summary>
    public void AddTo(Command command)
    {
        foreach (Option option in All.Except(_notify.All))
            command.Options.Add(option);
        _notify.AddTo(command);
    }

    /// <summary>What the user chose.</summary>
    public TrainingChoices Read(ParseResult parsed) =>
        new(
            parsed.GetValue(_slots),
            parsed.GetValue(_threads),
            parsed.GetValue(_data),
            parsed.GetValue(_journal),
            parsed.GetValue(_store),
            parsed.GetValue(_quiet),
            _notify.Read(parsed)
        );
}
