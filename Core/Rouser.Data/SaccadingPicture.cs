using Rouser.Data.Formats;

namespace Rouser.Data;

/// <summary>Ink that moves along three saccades.</summary>
internal sealed class SaccadingPicture(InkField ink, SaccadePath path) : IMovingPicture
{
    public long Microseconds => SaccadePath.Microseconds;

    /// <summary>At full speed the picture moves a third of a pixel in that time.</summary>
    public double FrameMs => 3;

    public Range Columns => ink.Columns;

    public Range Rows => ink.Rows;

    public void Look(double milliseconds, Span<double> picture)
    {
        (int left, int width) = Columns.GetOffsetAndLength(NMnistDecoder.SensorSize);
        (int top, int height) = Rows.GetOffsetAndLength(NMnistDecoder.SensorSize);
        Point shift = path.At(milliseconds);
        for (int row = 0; row < height; row++)
            ink.Row(left, top + row, shift, picture.Slice(row * width, width));
    }
}
