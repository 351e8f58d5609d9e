namespace Rouser.Benchmarks;

/// <summary>A line y = intercept + slope·x by least squares.</summary>
/// <param name="Intercept">y at x = 0.</param>
/// <param name="Slope">y per x.</param>
/// <param name="R2">The share of y's variance that the line explains.</param>
/// <param name="LargestDeparture">The largest |y − line| / line.</param>
internal readonly record struct Line(double Intercept, double Slope, double R2, double LargestDeparture)
{
    public static Line Through(double[] x, double[] y)
    {
        double meanX = x.Average(),
            meanY = y.Average(),
            xx = 0,
            xy = 0,
            yy = 0,
            rest = 0,
            departure = 0;
        for (int i = 0; i < x.Length; i++)
        {
            xx += (x[i] - meanX) * (x[i] - meanX);
            xy += (x[i] - meanX) * (y[i] - meanY);
            yy += (y[i] - meanY) * (y[i] - meanY);
        }
        double slope = xy / xx,
            intercept = meanY - (slope * meanX);
        for (int i = 0; i < x.Length; i++)
        {
            double line = intercept + (slope * x[i]);
            rest += (y[i] - line) * (y[i] - line);
            departure = Math.Max(departure, Math.Abs(y[i] - line) / line);
        }
        return new Line(intercept, slope, 1 - (rest / yy), departure);
    }
}
