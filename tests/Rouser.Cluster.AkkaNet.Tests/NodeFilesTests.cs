using System.Runtime.Serialization;
using System.Security.Cryptography;
using Akka.Actor;
using Akka.TestKit.Xunit2;
using Microsoft.Extensions.Logging.Abstractions;
using Rouser.Cluster.Serving;
using Rouser.Cluster.Tests;
using Rouser.Coordination;
using Rouser.Storage.Checkpoints;
using Rouser.Sweeps;
using Rouser.Testing.Worker;

namespace Rouser.Cluster.AkkaNet.Tests;

/// <summary>Files on their way between a worker of the cluster and the orchestrator in charge.</summary>
public sealed class NodeFilesTests : TestKit
{
    private static readonly Plan Planned = TinyTrials.Plan(trials: 1, epochs: 1);

    private static readonly WorkerId Holder = new("holder");

    private readonly string _folder = Directory.CreateTempSubdirectory("rouser-test-").FullName;
    private readonly MemoryJournal _journal = new();
    private readonly NodeFiles _files = new();
    private readonly SweepService _service;
    private readonly CheckpointFiles _checkpoints;

    public NodeFilesTests()
    {
        _checkpoints = new CheckpointFiles(Path.Combine(_folder, "checkpoints"));
        _service = new SweepService(
            Planned,
            TinyTrials.Run,
            new SweepResources(_journal, new MemoryCheckpoints()),
            TimeProvider.System,
            _ => { },
            NullLogger.Instance
        );
        _ = _service.RunAsync(_ => Task.CompletedTask, CancellationToken.None);
        var files = new SweepFiles(_checkpoints, digest => Path.Combine(_folder, digest));
        _files.SetOrchestrator(Sys.ActorOf(Props.Create(() => new FilesActor(_service, files))));
    }

    private static TrialId Trial => Planned.Trials[0].Id;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(FileMessage.MostBytes)]
    [InlineData(FileMessage.MostBytes + 1)]
    [InlineData((3 * FileMessage.MostBytes) + 17)]
    public async Task A_data_set_arrives_whole_whatever_its_size(int size)
    {
        byte[] bytes = RandomNumberGenerator.GetBytes(size);
        await File.WriteAllBytesAsync(Path.Combine(_folder, "d1"), bytes);
        using var taken = new MemoryStream();
        Assert.True(
            await _files.FetchAsync(SweepFiles.Dataset("d1"), content => content.CopyToAsync(taken), CancellationToken.None)
        );
        Assert.Equal(bytes, taken.ToArray());
    }

    [Fact]
    public async Task What_is_not_there_and_what_is_no_name_of_a_file_is_not_given()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "secret"), "secret");
        foreach (
            string name in (string[])
                [SweepFiles.Dataset("d2"), "datasets/../secret", "/etc/passwd", "checkpoints/../../x", "", "datasets/"]
        )
            Assert.False(
                await _files.FetchAsync(name, content => content.CopyToAsync(Stream.Null), CancellationToken.None),
                name
            );
    }

    [Fact]
    public async Task A_file_that_is_replaced_between_two_parts_is_not_taken_for_one()
    {
        string path = Path.Combine(_folder, "d1");
        await File.WriteAllBytesAsync(path, new byte[4 * FileMessage.MostBytes]);
        bool came = await _files.FetchAsync(
            SweepFiles.Dataset("d1"),
            async content =>
            {
                await content.ReadExactlyAsync(new byte[10]);
                await File.WriteAllBytesAsync(path, new byte[(4 * FileMessage.MostBytes) + 1]);
                await content.CopyToAsync(Stream.Null);
            },
            CancellationToken.None
        );
        Assert.False(came);
    }

    [Fact]
    public async Task The_holder_of_a_trial_stores_its_checkpoint_and_nobody_else_does()
    {
        _service.Receive(Holder, new Nowhere(), [new WorkerJoined(1), new WorkRequested(1)]);
        Assert.Equal(TrialState.Running, await _service.Query(state => state.Find(Trial)!.State));
        byte[] bytes = RandomNumberGenerator.GetBytes((2 * FileMessage.MostBytes) + 5);
        string name = SweepFiles.Checkpoint(Trial, CheckpointFiles.Checkpoint);

        Assert.False(await _files.StoreAsync(name, new WorkerId("other"), () => new MemoryStream(bytes), CancellationToken.None));
        Assert.False(File.Exists(_checkpoints.PathOf(Trial, CheckpointFiles.Checkpoint)));
        Assert.False(
            await _files.StoreAsync("checkpoints/../../x", Holder, () => new MemoryStream(bytes), CancellationToken.None)
        );
        Assert.True(await _files.StoreAsync(name, Holder, () => new MemoryStream(bytes), CancellationToken.None));
        Assert.Equal(bytes, await File.ReadAllBytesAsync(_checkpoints.PathOf(Trial, CheckpointFiles.Checkpoint)));
        Assert.Single(Directory.GetFiles(_checkpoints.FolderOf(Trial)));
    }

    [Fact]
    public void Messages_about_files_keep_their_fields_and_damaged_ones_are_refused()
    {
        var write = new FileMessage.Write(Guid.NewGuid(), "checkpoints/x/y", "w", 7, true, [1, 2, 3]);
        var back = (FileMessage.Write)Again(write);
        Assert.Equal(
            (write.Transfer, write.Name, write.Worker, 7, true),
            (back.Transfer, back.Name, back.Worker, back.Offset, back.IsLast)
        );
        Assert.Equal(write.Bytes, back.Bytes);
        Assert.Equal(new FileMessage.Read("datasets/d", 9), Again(new FileMessage.Read("datasets/d", 9)));
        Assert.Equal(new FileMessage.Written(true), Again(new FileMessage.Written(true)));
        Assert.Equal([4], ((FileMessage.Part)Again(new FileMessage.Part(1, 2, [4]))).Bytes);

        byte[] whole = FileMessageBytes.ToBytes(write);
        for (int length = 0; length < 40; length++)
            Assert.Throws<SerializationException>(() => FileMessageBytes.From(whole[..length], FileMessageBytes.Write));
        var random = new Random(1);
        for (int i = 0; i < 10_000; i++)
        {
            byte[] mutant = [.. whole];
            mutant[random.Next(mutant.Length)] = (byte)random.Next(256);
            try
            {
                FileMessageBytes.From(mutant, FileMessageBytes.Write);
            }
            catch (SerializationException) { }
        }

        static FileMessage Again(FileMessage message) =>
            FileMessageBytes.From(FileMessageBytes.ToBytes(message), FileMessageBytes.Manifest(message)!);
    }

    protected override void AfterAll()
    {
        base.AfterAll();
        _service.Abandon();
        Directory.Delete(_folder, recursive: true);
    }

    private sealed class Nowhere : IWorkerRoutes
    {
        public void Deliver(WorkerId worker, WorkerCommand command) { }
    }
}
