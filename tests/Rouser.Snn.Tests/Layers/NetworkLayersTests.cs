using Rouser.Data;
using Rouser.Snn.Layers;
using Rouser.Snn.Normalizations;
using Rouser.Snn.Thresholds;
using Rouser.Testing.Networks;

namespace Rouser.Snn.Tests.Layers;

/// <summary>What words of <c>network.layers</c> make of a plane; the sizes are those of PyTorch's documentation of Conv2d.</summary>
public sealed class NetworkLayersTests
{
    private static readonly Plane Digits = new(2, 34, 34);

    [Theory]
    [InlineData("conv 16x5 stride 2", 16, 15, 15, 50)]
    [InlineData("conv 8x3", 8, 32, 32, 18)]
    [InlineData("conv 8x3 padding 1", 8, 34, 34, 18)]
    [InlineData("conv 3x4 stride 3 padding 2", 3, 12, 12, 32)]
    [InlineData("conv 7x34", 7, 1, 1, 2312)]
    public void A_convolution_has_the_plane_and_the_weights_that_its_words_say(
        string word,
        int channels,
        int height,
        int width,
        int rows
    )
    {
        LayerConnection layer = Connections(word)[0];
        Assert.Equal(new Plane(channels, height, width), layer.Plane);
        Assert.Equal((channels * height * width, rows, channels), (layer.Neurons, layer.Rows, layer.Columns));
        Assert.Equal(word, layer.Convolution!.ToString());
    }

    [Fact]
    public void Pooling_adds_up_and_drops_what_is_left_over_and_the_output_layer_is_added()
    {
        IReadOnlyList<LayerConnection> layers = Connections("conv 16x5 stride 2", "pool 2", "conv 32x3", "pool 2", "dense 128");
        // 15 × 15, of which 14 × 14 are pooled to 7 × 7; 5 × 5, of which 4 × 4 are pooled to 2 × 2.
        Assert.Equal([3600, 800, 128, 10], layers.Select(layer => layer.Neurons));
        Assert.Equal([2312, 3600, 800, 128], layers.Select(layer => layer.Inputs));
        Assert.Equal([50, 144, 128, 128], layers.Select(layer => layer.Rows));
        Assert.Equal([16, 32, 128, 10], layers.Select(layer => layer.Columns));
        Assert.Equal(Connections("pool 6", "conv 1x1")[0].Pooled, Connections("pool 2", "pool 3", "conv 1x1")[0].Pooled);
    }

    [Theory]
    [InlineData("conv 4x35", "smaller than its kernel")]
    [InlineData("conv 4x3 stride 2, pool 20", "take smaller windows")]
    [InlineData("conv 70x3", "above 65536")]
    [InlineData("conv 4x3, dense 10, conv 4x3", "after a dense layer")]
    [InlineData("dense 10, conv 4x3", "starts with 'dense 10'")]
    [InlineData("dense 10, dense 20", "write network.hidden: [10, 20]")]
    [InlineData("pool 2, dense 20", "dataset.downsample")]
    public void Layers_that_do_not_fit_are_refused_with_a_remedy(string words, string complaint) =>
        Assert.Contains(complaint, Assert.Throws<ArgumentException>(() => Connections(words.Split(", "))).Message);

    [Theory]
    [InlineData("conv")]
    [InlineData("conv 16")]
    [InlineData("conv 16x")]
    [InlineData("conv 0x3")]
    [InlineData("conv 16x3x3")]
    [InlineData("conv 16x3 stride")]
    [InlineData("conv 16x3 stride 0")]
    [InlineData("conv 16x3 stride 2 stride 2")]
    [InlineData("conv 16x3 padding 3")]
    [InlineData("conv 16x3 dilation 2")]
    [InlineData("pool 1")]
    [InlineData("pool 2 2")]
    [InlineData("dense")]
    [InlineData("dense 0")]
    [InlineData("dense 65537")]
    [InlineData("Conv 16x3")]
    [InlineData("residual")]
    [InlineData("")]
    public void What_is_no_layer_is_refused(string word) => Assert.Null(LayerWord.Read(word).Word);

    [Fact]
    public void A_neuron_below_reaches_the_outputs_whose_windows_hold_it()
    {
        for (long seed = 0; seed < 200; seed++)
        {
            TrainingSettings settings = RandomPlanes.Apply(
                TestNetworks.Settings(1, [3], 5, 1),
                new RandomStream(seed, "connections")
            );
            foreach (LayerConnection layer in settings.Connections!.Where(layer => layer.Convolution is not null))
            {
                LayerWord.Convolution conv = layer.Convolution!;
                (Plane pooled, Plane own) = (layer.Pooled, layer.Plane!.Value);
                // Each output's window, of what lies within the plane.
                int synapses = Enumerable
                    .Range(0, own.Height)
                    .Sum(y =>
                        Within(conv, y, pooled.Height) * Enumerable.Range(0, own.Width).Sum(x => Within(conv, x, pooled.Width))
                    );
                Assert.Equal(
                    synapses * pooled.Channels * layer.Pool * layer.Pool,
                    Enumerable.Range(0, layer.Inputs).Sum(j => layer.RowsOf(j).Count())
                );
            }
        }

        static int Within(LayerWord.Convolution conv, int at, int side) =>
            Enumerable.Range((at * conv.Stride) - conv.Padding, conv.Kernel).Count(k => k >= 0 && k < side);
    }

    [Fact]
    public void Engine_says_what_convolutions_do_not_go_with()
    {
        TrainingSettings settings = RandomPlanes.Of(TestNetworks.Settings(1, [10], 5, 2), Digits, "conv 4x3 stride 2", "pool 2");
        Assert.Null(FusedEngine.Lacks(settings));
        Assert.Contains("network.layers", FusedEngine.Lacks(settings with { Threshold = new DsAtgoThreshold(1, 1, 0.9) })!);
        Assert.Contains(
            "network.layers",
            FusedEngine.Lacks(settings with { Normalization = new TdbnNormalization(1, 0.9, 0.01, NormalizedLayers.Hidden) })!
        );
    }

    private static IReadOnlyList<LayerConnection> Connections(params string[] words) =>
        NetworkLayers.Connections([.. words.Select(word => LayerWord.Read(word).Word!)], Digits, 10);
}
