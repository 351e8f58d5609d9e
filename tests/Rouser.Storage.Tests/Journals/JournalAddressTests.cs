using Npgsql;
using Rouser.Storage.Journals;

namespace Rouser.Storage.Tests.Journals;

public sealed class JournalAddressTests
{
    [Fact]
    public void An_address_is_read_and_shown_without_its_password()
    {
        JournalAddress address = JournalAddress
            .OfDatabase("postgres://me%40here:p%2Fw%3A%20d@db.example:5433/sweeps?sslmode=verify-full&journal=a%20b")
            .Value;
        Assert.Equal("postgres://me%40here@db.example:5433/sweeps?sslmode=verify-full&journal=a%20b", address.Text);
        Assert.Equal(address.Text, JournalAddress.OfDatabase(address.Text).Value.Text);
        NpgsqlConnectionStringBuilder database = address.Database!;
        Assert.Equal(
            ("me@here", "p/w: d", "db.example", 5433, "sweeps"),
            (database.Username, database.Password, database.Host, database.Port, database.Database)
        );
        Assert.Equal((SslMode.VerifyFull, "a b"), (database.SslMode, address.Name));
        Assert.Equal(5432, JournalAddress.OfDatabase("postgresql://db/x").Value.Database!.Port);
    }

    [Theory]
    [InlineData("journal.db")]
    [InlineData("mysql://u:secret@h/d")]
    [InlineData("postgres://u:secret@h")]
    [InlineData("postgres:///d")]
    [InlineData("postgres://u:secret@h/d?sslmode=maybe")]
    [InlineData("postgres://u:secret@h/d?password=secret")]
    [InlineData("postgres://u:secret@h/d?journal=")]
    [InlineData("postgres://u:secret@h:99999999/d")]
    public void What_is_no_address_is_a_mistake_that_does_not_repeat_it(string text)
    {
        string line = Assert.Single(JournalAddress.OfDatabase(text).Errors).ToString();
        Assert.StartsWith("--journal: ", line, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", line, StringComparison.Ordinal);
    }
}
