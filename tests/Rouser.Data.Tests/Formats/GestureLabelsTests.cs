using System.Text;
using Rouser.Data.Formats;

namespace Rouser.Data.Tests.Formats;

public class GestureLabelsTests
{
    [Fact]
    public void Labels_are_taken_as_published_with_a_class_twice_and_spans_that_overlap()
    {
        IReadOnlyList<LabelledSpan> spans = Read(
            "class,startTime_usec,endTime_usec\r\n8,100,200\r\n8,300,400\r\n9,500,700\r\n10,650,800\r\n"
        ).Value;
        Assert.Equal([new(8, 100, 200), new(8, 300, 400), new(9, 500, 700), new(10, 650, 800)], spans);
    }

    [Theory]
    [InlineData("class,startTime_usec,endTime_usec\n12,1,2\n", "l.csv:2: has class 12; there are 1 to 11")]
    [InlineData("1,1,2\n0,1,2\n", "l.csv:2: has class 0; there are 1 to 11")]
    [InlineData("1,5,5\n", "l.csv:1: ends at 5 µs, not after its start at 5")]
    [InlineData("1,5\n", "l.csv:1: expects class,start,end in whole numbers")]
    [InlineData("class,startTime_usec,endTime_usec\n", "l.csv: names no gesture")]
    public void A_wrong_line_is_named(string text, string mistake) =>
        Assert.Equal(mistake, Assert.Single(Read(text).Errors).ToString());

    [Fact]
    public void A_list_of_recordings_names_files_of_its_own_folder_once()
    {
        Assert.Equal(
            ["user01_fluorescent.aedat", "user02_led.aedat"],
            ReadList("user01_fluorescent.aedat\n\nuser02_led.aedat\n").Value
        );
        Assert.Equal("t.txt:2: names a.aedat again", Assert.Single(ReadList("a.aedat\na.aedat").Errors).ToString());
        foreach (string name in new[] { "../a.aedat", "/a.aedat", ".a.aedat", "c:a.aedat", "a.bin" })
            Assert.Equal(
                "t.txt:1: is no name of a recording, such as user01_led.aedat",
                Assert.Single(ReadList(name).Errors).ToString()
            );
    }

    [Fact]
    public void Ten_thousand_damaged_files_end_in_labels_or_one_mistake()
    {
        byte[] labels = Encoding.ASCII.GetBytes(
            "class,startTime_usec,endTime_usec\n"
                + string.Concat(Enumerable.Range(1, 11).Select(i => $"{i},{i * 1000},{(i * 1000) + 900}\n"))
        );
        Mutations.Check(
            [labels],
            stream => GestureLabels.Read(stream, "l.csv").Then<SensorEvent[]>(_ => Array.Empty<SensorEvent>()),
            1,
            1,
            "l.csv"
        );
    }

    private static Result<IReadOnlyList<LabelledSpan>> Read(string text)
    {
        using MemoryStream stream = new(Encoding.ASCII.GetBytes(text));
        return GestureLabels.Read(stream, "l.csv");
    }

    private static Result<IReadOnlyList<string>> ReadList(string text)
    {
        using MemoryStream stream = new(Encoding.ASCII.GetBytes(text));
        return GestureLabels.ReadList(stream, "t.txt");
    }
}
