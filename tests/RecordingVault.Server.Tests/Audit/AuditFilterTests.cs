using RecordingVault.Server.Features.Audit;
using RecordingVault.Vault.Audit;

namespace RecordingVault.Server.Tests.Audit;

/// <summary>What an address asks the log for.</summary>
public sealed class AuditFilterTests
{
    private static readonly DateTimeOffset s_now = new(2026, 11, 26, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("outcome", "perhaps")]
    [InlineData("who", "anna")]
    [InlineData("about", "everything")]
    [InlineData("days", "0")]
    [InlineData("days", "-7")]
    [InlineData("days", "3661")]
    [InlineData("days", "week")]
    [InlineData("from", "yesterday")]
    [InlineData("to", "2026-13-01")]
    [InlineData("from", "0001-01-01")]
    [InlineData("to", "9999-12-31")]
    [InlineData("from", "11/24/2026")]
    [InlineData("from", "10:30")]
    [InlineData("to", "2026-11-24 10:30")]
    [InlineData("to", "2026-11-24T10:30:00")]
    [InlineData("zone", "../../etc/passwd")]
    [InlineData("zone", "Mars/Olympus")]
    public void A_word_that_is_none_is_refused_by_its_name(string name, string value)
    {
        var (filter, wrong) = AuditFilter.Read(AuditWish.Of(field => field == name ? value : null), s_now);

        Assert.Null(filter);
        Assert.Equal(name, wrong!.Field);
    }

    [Fact]
    public void An_address_without_words_leaves_nothing_out()
    {
        var (filter, _) = AuditFilter.Read(AuditWish.Of(_ => null), s_now);

        Assert.Equal(new AuditFilter(), filter);
        Assert.Equal("/audit", new AuditWish().At("/audit"));
    }

    [Fact]
    public void A_day_that_ends_a_span_counts_whole_in_the_readers_zone()
    {
        var (filter, _) = AuditFilter.Read(new AuditWish { From = "2026-11-20", To = "2026-11-24", Zone = "Europe/Berlin" }, s_now);

        Assert.Equal(new DateTimeOffset(2026, 11, 19, 23, 0, 0, TimeSpan.Zero), filter!.From);
        Assert.Equal(new DateTimeOffset(2026, 11, 24, 23, 0, 0, TimeSpan.Zero), filter.Before);
    }

    [Fact]
    public void A_day_that_begins_after_midnight_for_clocks_that_go_forward_begins_there()
    {
        var (filter, _) = AuditFilter.Read(new AuditWish { From = "2026-04-24", Zone = "Africa/Cairo" }, s_now);

        // Cairo's clocks go from 00:00 to 01:00 on that day.
        Assert.Equal(new DateTimeOffset(2026, 4, 23, 22, 0, 0, TimeSpan.Zero), filter!.From);
    }

    [Fact]
    public void A_day_whose_midnight_clocks_show_twice_begins_with_the_first()
    {
        var (filter, _) = AuditFilter.Read(new AuditWish { From = "2026-11-01", To = "2026-10-31", Zone = "America/Havana" }, s_now);

        // Havana's clocks go from 01:00 back to 00:00 on that day.
        Assert.Equal(new DateTimeOffset(2026, 11, 1, 4, 0, 0, TimeSpan.Zero), filter!.From);
        Assert.Equal(filter.From, filter.Before);
    }

    [Fact]
    public void A_time_with_its_offset_is_taken_as_it_is()
    {
        var (filter, _) = AuditFilter.Read(new AuditWish { From = "2026-11-20T10:00:00+02:00", To = "2026-11-20T11:00:00Z" }, s_now);

        Assert.Equal(new DateTimeOffset(2026, 11, 20, 8, 0, 0, TimeSpan.Zero), filter!.From);
        Assert.Equal(new DateTimeOffset(2026, 11, 20, 11, 0, 0, TimeSpan.Zero), filter.Before);
    }

    [Fact]
    public void Words_and_address_say_the_same_both_ways()
    {
        var wish = new AuditWish { Outcome = "refused", Who = "people", About = "links", Target = Guid.NewGuid(), Actor = Guid.NewGuid(), Days = "7" };

        var query = wish.At("/audit").Split('?')[1].Split('&').Select(part => part.Split('=')).ToDictionary(part => part[0], part => Uri.UnescapeDataString(part[1]), StringComparer.Ordinal);

        Assert.Equal(wish, AuditWish.Of(query.GetValueOrDefault));
    }

    [Theory]
    [InlineData("people", "person-shape", AuditActorKind.Member, AuditActorKind.Share, AuditActorKind.Participant)]
    [InlineData("machines", "machine-shape", AuditActorKind.System, AuditActorKind.Token)]
    [InlineData("operators", "operator-shape", AuditActorKind.Operator)]
    public void Every_kind_of_actor_is_one_of_people_machines_and_operators_and_has_their_shape(string who, string shape, params AuditActorKind[] kinds)
    {
        Assert.All(kinds, kind => Assert.Equal(shape, AuditWords.Shape(new AuditPageActor(kind.ToString().ToLowerInvariant(), null))));
        Assert.Equal(kinds, AuditFilter.Read(new AuditWish { Who = who }, s_now).Filter!.Actors);
        var all = ((string[])["people", "machines", "operators"]).SelectMany(name => AuditFilter.Read(new AuditWish { Who = name }, s_now).Filter!.Actors!);
        Assert.Equal(Enum.GetValues<AuditActorKind>().Order(), all.Order());
    }
}
