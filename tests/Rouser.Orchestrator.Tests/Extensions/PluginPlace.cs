using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;

namespace Rouser.Orchestrator.Tests.Extensions;

/// <summary>A folder of plug-ins for one test, and the program started with it.</summary>
internal sealed class PluginPlace : IDisposable
{
    public const string Example = "example-plugin",
        Faulty = "faulty-plugin";

    private readonly TemporaryFolder _folder = new();

    /// <summary>An empty folder of plug-ins, or one with that plug-in.</summary>
    public PluginPlace(string? plugin = null)
    {
        Directory.CreateDirectory(Folder);
        if (plugin is not null)
            Add(plugin);
    }

    /// <summary>The folder of plug-ins.</summary>
    public string Folder => _folder["plugins"];

    /// <summary>The variables that tell a program of it.</summary>
    public Dictionary<string, string> Environment => new() { ["ROUSER_PLUGINS"] = Folder };

    /// <summary>Puts a plug-in as it was built into its place.</summary>
    /// <returns>Its assembly's file.</returns>
    public string Add(string plugin, string? name = null)
    {
        string folder = Path.Combine(Folder, name ?? plugin);
        Directory.CreateDirectory(folder);
        string file = Path.Combine(folder, $"{name ?? plugin}.dll");
        File.Copy(Path.Combine(AppContext.BaseDirectory, $"{plugin}.dll"), file);
        return file;
    }

    /// <summary>Runs the program with these plug-ins.</summary>
    public async Task<Finished> RunAsync(string workingFolder, string[] arguments, Dictionary<string, string>? more = null)
    {
        Dictionary<string, string> variables = Environment;
        foreach ((string name, string value) in more ?? [])
            variables[name] = value;
        using System.Diagnostics.Process process = RouserProcess.Start(workingFolder, arguments, variables);
        return await RouserProcess.WaitAsync(process);
    }

    /// <summary>Makes an assembly say that it was built against version 9.1.4 of every assembly of Rouser's.</summary>
    public static void PretendOtherVersion(string file)
    {
        byte[] bytes = File.ReadAllBytes(file);
        using (var image = new System.Reflection.PortableExecutable.PEReader(new MemoryStream(bytes)))
        {
            MetadataReader metadata = image.GetMetadataReader();
            int table = image.PEHeaders.MetadataStartOffset + metadata.GetTableMetadataOffset(TableIndex.AssemblyRef),
                row = metadata.GetTableRowSize(TableIndex.AssemblyRef);
            foreach (AssemblyReferenceHandle handle in metadata.AssemblyReferences)
            {
                string name = metadata.GetString(metadata.GetAssemblyReference(handle).Name);
                if (!name.StartsWith("Rouser.", StringComparison.Ordinal))
                    continue;
                int at = table + ((MetadataTokens.GetRowNumber(handle) - 1) * row);
                (bytes[at], bytes[at + 2], bytes[at + 4]) = (9, 1, 4);
            }
        }
        File.WriteAllBytes(file, bytes);
    }

    public void Dispose() => _folder.Dispose();
}
