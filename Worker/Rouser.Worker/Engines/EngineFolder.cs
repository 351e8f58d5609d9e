using Rouser.Core;
using Rouser.Snn;
using Rouser.Worker.Extensions;

namespace Rouser.Worker.Engines;

/// <summary>
/// A training engine that is not part of the program, because what it needs is large: an assembly with its libraries
/// in a folder of its own beside the program, <c>engines/NAME</c>. Nothing of it is loaded before <see cref="Load"/>.
/// </summary>
public sealed class EngineFolder
{
    private readonly string _name,
        _project;

    /// <summary>Names a folder.</summary>
    /// <param name="engine">The engine, as sweep files call it: <c>torch</c>.</param>
    /// <param name="project">Its assembly and project: <c>Rouser.Engines.Torch</c>.</param>
    /// <param name="program">The program's folder.</param>
    public EngineFolder(string engine, string project, string program)
    {
        (_name, _project) = (engine, project);
        Folder = Path.Combine(program, "engines", engine);
    }

    /// <summary>Where the engine is looked for.</summary>
    public string Folder { get; }

    private string Remedy =>
        $"use engine: fused, or get it in a clone of Rouser's: dotnet publish Worker/{_project} -c Release -o \"{Folder}\"";

    /// <summary>The engine, or how to get it.</summary>
    public Result<ITrainingEngineFactory> Load()
    {
        string path = Path.Combine(Folder, $"{_project}.dll");
        if (!File.Exists(path))
            return new UserError("", $"engine: {_name} is no part of this program, and {Folder} does not hold it; {Remedy}");
        try
        {
            Type factory = new ExtensionContext(path)
                .Load()
                .GetExportedTypes()
                .Single(type => type.IsAssignableTo(typeof(ITrainingEngineFactory)));
            return Result<ITrainingEngineFactory>.Of((ITrainingEngineFactory)Activator.CreateInstance(factory)!);
        }
        // Damaged, or built for another Rouser: then a type or a member is missing, or the class no longer implements
        // the interface.
        catch (Exception e)
            when (e
                    is BadImageFormatException
                        or FileLoadException
                        or FileNotFoundException
                        or TypeLoadException
                        or MissingMemberException
                        or InvalidOperationException
            )
        {
            return new UserError(
                "",
                $"engine: {_name} in {Folder} was not built for this program ({e.Message.ReplaceLineEndings(" ")}); {Remedy}"
            );
        }
    }
}
