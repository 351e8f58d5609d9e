using System.Collections;
using System.Reflection;

namespace Rouser.Storage.Tests.Journals;

/// <summary>Whether two values are the same, field by field and bit by bit; knows nothing of JSON.</summary>
internal static class ValueAssert
{
    /// <summary>Fails with the path of the first difference.</summary>
    public static void Equal(object? expected, object? actual, string path = "")
    {
        if (expected is null || actual is null)
        {
            Assert.True(expected is null && actual is null, $"{path}: {expected ?? "null"} became {actual ?? "null"}");
        }
        else if (expected is double d)
        {
            // There is one NaN in JSON; its payload says nothing.
            double e = (double)actual;
            bool same = double.IsNaN(d)
                ? double.IsNaN(e)
                : BitConverter.DoubleToInt64Bits(d) == BitConverter.DoubleToInt64Bits(e);
            Assert.True(same, $"{path}: {d:R} became {e:R}");
        }
        else if (expected is DateTimeOffset at)
        {
            Assert.True(at.EqualsExact((DateTimeOffset)actual), $"{path}: {at:O} became {actual:O}");
        }
        else if (expected is string || expected.GetType().IsPrimitive)
        {
            Assert.True(expected.Equals(actual), $"{path}: {expected} became {actual}");
        }
        else if (expected is IEnumerable items)
        {
            List<object?> left = [.. items.Cast<object?>()],
                right = [.. ((IEnumerable)actual).Cast<object?>()];
            Assert.True(left.Count == right.Count, $"{path}: {left.Count} items became {right.Count}");
            for (int i = 0; i < left.Count; i++)
                Equal(left[i], right[i], $"{path}[{i}]");
        }
        else
        {
            Assert.True(
                expected.GetType() == actual.GetType(),
                $"{path}: {expected.GetType().Name} became {actual.GetType().Name}"
            );
            foreach (PropertyInfo property in expected.GetType().GetProperties())
                Equal(property.GetValue(expected), property.GetValue(actual), $"{path}.{property.Name}");
        }
    }
}
