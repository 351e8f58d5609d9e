using System.Globalization;
using System.Text;
using Rouser.Data;

namespace Rouser.Orchestrator.Commands;

/// <summary>
/// A sample as a picture: of a camera its image, OFF and ON spikes over the whole time; of an ear its channels over
/// time.
/// </summary>
/// <param name="What">What is seen.</param>
/// <param name="Off">Spikes per cell, row by row; of an ear all of them.</param>
/// <param name="On">ON spikes per cell; zeros where polarities are merged.</param>
/// <param name="Columns">Cells in a row.</param>
internal sealed record DataPicture(string What, int[] Off, int[] On, int Columns)
{
    private const int TextColumns = 100,
        MaxColumns = 256;

    private int Rows => Off.Length / Columns;

    public static DataPicture Of(SpikeRaster raster, EventBinning binning)
    {
        if (binning.Height == 1)
        {
            // At most so many columns of time and rows of channels; channel 0, the highest tone, on top.
            (int perColumn, int perRow) = (((raster.StepCount - 1) / MaxColumns) + 1, ((raster.NeuronCount - 1) / 140) + 1);
            int columns = (raster.StepCount + perColumn - 1) / perColumn,
                rows = (raster.NeuronCount + perRow - 1) / perRow;
            int[] cells = new int[columns * rows];
            for (int t = 0; t < raster.StepCount; t++)
            {
                foreach (ushort n in raster.At(t))
                    cells[(n / perRow * columns) + (t / perColumn)]++;
            }
            return new("time to the right, channels downwards", cells, new int[cells.Length], columns);
        }
        int pixels = binning.OutWidth * binning.OutHeight;
        int[] off = new int[pixels],
            on = new int[pixels];
        foreach (ushort n in raster.Neurons)
            (n < pixels ? off : on)[n % pixels]++;
        return new("all steps together", off, on, binning.OutWidth);
    }

    /// <summary>Lines of characters from light to dark.</summary>
    public IEnumerable<string> ToText()
    {
        const string Shades = " .:-=+*#%@";
        int across = ((Columns - 1) / TextColumns) + 1,
            down = 2 * across,
            rows = (Rows + down - 1) / down,
            columns = (Columns + across - 1) / across;
        int[] cells = new int[rows * columns];
        for (int i = 0; i < Off.Length; i++)
            cells[(i / Columns / down * columns) + (i % Columns / across)] += Off[i] + On[i];
        int most = Math.Max(cells.Max(), 1);
        for (int row = 0; row < rows; row++)
        {
            StringBuilder line = new();
            for (int c = 0; c < columns; c++)
            {
                int cell = cells[(row * columns) + c];
                line.Append(Shades[cell == 0 ? 0 : 1 + (int)((Shades.Length - 2) * Math.Sqrt((double)cell / most))]);
            }
            yield return line.ToString().TrimEnd();
        }
    }

    /// <summary>A drawing: red where most spikes are ON, blue where they are OFF, stronger with their number.</summary>
    public string ToSvg()
    {
        const int Cell = 4;
        int most = Math.Max(Enumerable.Range(0, Off.Length).Max(i => Off[i] + On[i]), 1);
        StringBuilder svg = new();
        svg.Append(
            CultureInfo.InvariantCulture,
            $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Columns * Cell} {Rows * Cell}\" "
                + $"width=\"{Columns * Cell}\" height=\"{Rows * Cell}\">\n"
        );
        svg.Append("<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n");
        for (int i = 0; i < Off.Length; i++)
        {
            int sum = Off[i] + On[i];
            if (sum == 0)
                continue;
            string colour = On[i] >= sum - On[i] ? "#b2182b" : "#2166ac";
            double opacity = 0.15 + (0.85 * Math.Sqrt((double)sum / most));
            svg.Append(
                CultureInfo.InvariantCulture,
                $"<rect x=\"{i % Columns * Cell}\" y=\"{i / Columns * Cell}\" width=\"{Cell}\" height=\"{Cell}\" "
                    + $"fill=\"{colour}\" fill-opacity=\"{opacity:0.##}\"/>\n"
            );
        }
        return svg.Append("</svg>\n").ToString();
    }
}
