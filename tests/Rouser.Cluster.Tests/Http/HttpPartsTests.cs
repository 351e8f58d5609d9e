using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Time.Testing;
using Rouser.Cluster.Http;
using Rouser.Coordination;
using Rouser.Core;

namespace Rouser.Cluster.Tests.Http;

/// <summary>The small parts by themselves.</summary>
public class HttpPartsTests
{
    private readonly FakeTimeProvider _clock = new();

    [Theory]
    [InlineData("127.0.0.1:7171", "127.0.0.1:7171")]
    [InlineData("localhost:0", "127.0.0.1:0")]
    [InlineData("[::1]:80", "[::1]:80")]
    [InlineData("0.0.0.0:7171", "0.0.0.0:7171")]
    [InlineData("*:7171", "0.0.0.0:7171")]
    [InlineData("7171", "is no address and port")]
    [InlineData("127.0.0.1", "is no address and port")]
    [InlineData("[::1]", "is no address and port")]
    [InlineData("example:7171", "is no address and port")]
    [InlineData("127.0.0.1:99999", "is no address and port")]
    [InlineData("", "is no address and port")]
    public void An_address_is_an_ip_address_and_a_port(string text, string expected)
    {
        Result<System.Net.IPEndPoint> address = ListenAddress.Parse(text);
        Assert.Contains(
            expected,
            address.IsOk ? address.Value.ToString() : address.Errors[0].ToString(),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData(" 0123456789abcdef\n", true)]
    [InlineData("0123456789abcde", false)]
    [InlineData("0123456789 abcdef", false)]
    [InlineData("0123456789äbcdefg", false)]
    [InlineData("", false)]
    public void A_token_is_long_and_plain_and_never_shown(string text, bool isOne)
    {
        Result<AccessToken> token = AccessToken.From("file", text);
        Assert.Equal(isOne, token.IsOk);
        if (!isOne)
            return;
        Assert.DoesNotContain("0123", token.Value.ToString(), StringComparison.Ordinal);
        Assert.True(token.Value.IsShownBy("Bearer 0123456789abcdef"));
        Assert.False(token.Value.IsShownBy("Bearer 0123456789abcdeg"));
        Assert.False(token.Value.IsShownBy("0123456789abcdef"));
        Assert.False(token.Value.IsShownBy(null));
    }

    [Fact]
    public void The_log_of_refusals_has_one_line_each_until_there_are_many()
    {
        var lines = new LogLines();
        var log = new RefusalLog(lines, _clock);
        for (int i = 0; i < 100; i++)
            log.Add("wrong token", $"number {i}\nrefused: forged");
        Assert.Equal(10, lines.Lines.Count);
        Assert.Equal("refused: number 0 refused: forged", lines.Lines[0]);
        _clock.Advance(TimeSpan.FromMinutes(1));
        log.Add("wrong token", "later");
        Assert.Equal(["refused: 90 more like the last (wrong token)", "refused: later"], lines.Lines.Skip(10));
        Assert.Equal([("wrong token", 101L)], log.Counts);
    }

    [Fact]
    public void A_rate_allows_a_burst_and_then_so_many_a_second()
    {
        var rate = new RequestRate(_clock);
        Assert.Equal(RequestRate.AtOnce, Enumerable.Range(0, 10_000).Count(_ => rate.Allows()));
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(RequestRate.PerSecond, Enumerable.Range(0, 10_000).Count(_ => rate.Allows()));
        _clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(RequestRate.AtOnce, Enumerable.Range(0, 10_000).Count(_ => rate.Allows()));
    }

    [Fact]
    public void Waits_between_tries_double_to_a_bound_and_no_two_workers_wait_alike()
    {
        var backoff = new Backoff(new RandomStream(1, "a"));
        double[] waits = [.. Enumerable.Range(0, 12).Select(_ => backoff.Next().TotalSeconds)];
        for (int i = 0; i < waits.Length; i++)
        {
            double most = Math.Min(15, 0.1 * Math.Pow(2, i));
            Assert.InRange(waits[i], most / 2, most);
        }
        backoff.Reset();
        Assert.InRange(backoff.Next().TotalSeconds, 0.05, 0.1);
        Assert.NotEqual(waits[0], new Backoff(new RandomStream(2, "a")).Next().TotalSeconds);
    }

    [Fact]
    public async Task Orders_wait_for_the_worker_and_the_worker_for_orders()
    {
        var outbox = new Outbox();
        outbox.Put(new WorkerCommand.Drain());
        outbox.Put(new WorkerCommand.End());
        Assert.Equal(
            [new WorkerCommand.Drain(), new WorkerCommand.End()],
            await outbox.DequeueAsync(TimeSpan.FromSeconds(60), CancellationToken.None)
        );
        Assert.Empty(await outbox.DequeueAsync(TimeSpan.FromMilliseconds(1), CancellationToken.None));

        Task<IReadOnlyList<WorkerCommand>> waits = outbox.DequeueAsync(TimeSpan.FromSeconds(60), CancellationToken.None);
        Assert.False(waits.IsCompleted);
        outbox.Put(new WorkerCommand.Join());
        Assert.Equal([new WorkerCommand.Join()], await waits);
    }

    // The answer to the first question would go to a connection that is dead by now.
    [Fact]
    public async Task Who_asks_again_gets_the_orders_and_the_first_question_gets_none()
    {
        var outbox = new Outbox();
        Task<IReadOnlyList<WorkerCommand>> first = outbox.DequeueAsync(TimeSpan.FromSeconds(60), CancellationToken.None);
        Task<IReadOnlyList<WorkerCommand>> second = outbox.DequeueAsync(TimeSpan.FromSeconds(60), CancellationToken.None);
        Assert.Empty(await first);
        outbox.Put(new WorkerCommand.Join());
        Assert.Single(await second);
    }

    [Fact]
    public async Task Orders_that_nobody_fetches_take_bounded_room()
    {
        var outbox = new Outbox();
        for (int i = 0; i < 100_000; i++)
            outbox.Put(new WorkerCommand.Drain());
        int count = 0;
        while (await outbox.DequeueAsync(TimeSpan.FromMilliseconds(1), CancellationToken.None) is { Count: > 0 } taken)
            count += taken.Count;
        Assert.Equal(10_000, count);
    }

    // Each looked which port was free and took it later: of two that looked at once, one ended with a stack trace.
    [Fact]
    public void Orchestrators_that_start_at_once_get_different_ports()
    {
        using Socket first = ListenAddress.Listen(new IPEndPoint(IPAddress.Loopback, 0), mayMove: false).Value;
        var taken = (IPEndPoint)first.LocalEndPoint!;
        Socket[] others = [.. Enumerable.Range(0, 16).AsParallel().Select(_ => ListenAddress.Listen(taken, mayMove: true).Value)];
        Assert.Equal(
            16,
            others.Select(socket => ((IPEndPoint)socket.LocalEndPoint!).Port).Append(taken.Port).Distinct().Count() - 1
        );
        Assert.Contains(
            $"cannot listen on {taken}",
            Assert.Single(ListenAddress.Listen(taken, mayMove: false).Errors).ToString(),
            StringComparison.Ordinal
        );
        foreach (Socket socket in others)
            socket.Dispose();
    }
}
