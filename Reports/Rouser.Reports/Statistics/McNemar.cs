namespace Rouser.Reports.Statistics;

/// <summary>
/// McNemar's exact test of two classifiers on the same test samples: of those that exactly one of them gets right, each
/// would be as likely the one's as the other's if they were equally good. It is about these samples as a draw from all
/// that there could be, which intervals over seeds say nothing of.
/// </summary>
public static class McNemar
{
    /// <summary>The two-sided p, from the binomial distribution with ½.</summary>
    /// <param name="onlyFirst">Samples that only the first gets right.</param>
    /// <param name="onlySecond">Samples that only the second gets right.</param>
    public static double P(int onlyFirst, int onlySecond)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(onlyFirst);
        ArgumentOutOfRangeException.ThrowIfNegative(onlySecond);
        int n = onlyFirst + onlySecond,
            fewer = Math.Min(onlyFirst, onlySecond);
        if (2 * fewer == n)
            return 1;
        // log C(n, k) − n log 2, by its recurrence in k, so that no factorial overflows.
        double log = -n * Math.Log(2),
            tail = Math.Exp(log);
        for (int k = 1; k <= fewer; k++)
        {
            log += Math.Log((double)(n - k + 1) / k);
            tail += Math.Exp(log);
        }
        return Math.Min(1, 2 * tail);
    }
}
