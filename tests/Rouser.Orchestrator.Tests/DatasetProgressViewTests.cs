using Microsoft.Extensions.Time.Testing;
using Rouser.Orchestrator.Progress;

namespace Rouser.Orchestrator.Tests;

public sealed class DatasetProgressViewTests : IDisposable
{
    private readonly FakeTimeProvider _clock = new();
    private readonly StringWriter _out = new() { NewLine = "\n" };

    public void Dispose() => _out.Dispose();

    [Fact]
    public void A_small_set_shows_nothing()
    {
        using (DatasetProgressView view = new(_out, width: 80, _clock))
        {
            for (int i = 1; i <= 100; i++)
                view.Show(new("decoding nmnist, train", i, 100));
        }
        Assert.Equal("", _out.ToString());
    }

    [Fact]
    public void A_terminal_gets_one_line_that_is_drawn_anew_and_taken_away()
    {
        using (DatasetProgressView view = new(_out, width: 72, _clock))
        {
            _clock.Advance(TimeSpan.FromSeconds(0.6));
            view.Show(new("decoding nmnist, train", 15_000, 60_000));
            view.Show(new("decoding nmnist, train", 15_001, 60_000));
            _clock.Advance(TimeSpan.FromSeconds(0.2));
            view.Show(new("decoding nmnist, train", 30_000, 60_000));
        }
        string[] drawn = _out.ToString().Split('\r');
        Assert.Equal(5, drawn.Length);
        Assert.Equal("decoding nmnist, train ━━━━━━────────────────── 15,000 of 60,000", drawn[1].TrimEnd());
        Assert.Equal("decoding nmnist, train ━━━━━━━━━━━━──────────── 30,000 of 60,000", drawn[2].TrimEnd());
        Assert.Equal(new string(' ', 71), drawn[3]);
        Assert.All(drawn[1..4], line => Assert.Equal(71, line.Length));
    }

    [Fact]
    public void A_narrow_terminal_does_not_wrap()
    {
        using DatasetProgressView view = new(_out, width: 20, _clock);
        _clock.Advance(TimeSpan.FromSeconds(1));
        view.Show(new("decoding nmnist, train", 1, 60_000));
        Assert.Equal("\rdecoding nmnist, tr", _out.ToString());
    }

    [Fact]
    public void A_log_gets_a_line_every_five_seconds()
    {
        using (DatasetProgressView view = new(_out, width: null, _clock))
        {
            for (int i = 1; i <= 120; i++)
            {
                _clock.Advance(TimeSpan.FromSeconds(0.1));
                view.Show(new("generating gesture-blobs, test", i, 120));
            }
        }
        Assert.Equal(
            "rouser: generating gesture-blobs, test: 50 of 120\nrouser: generating gesture-blobs, test: 100 of 120\n",
            _out.ToString()
        );
    }
}
