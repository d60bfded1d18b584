using RecordingVault.Server.Features.Recordings.Search;

namespace RecordingVault.Server.Tests.Recordings;

public sealed class SearchIndexTests
{
    private static readonly Guid s_tenant = Guid.NewGuid();

    [Fact]
    public void Twenty_thousand_recordings_stay_within_the_budget_of_their_tenant()
    {
        const long Budget = 4L * 1024 * 1024;
        var index = new SearchIndex(new SearchLimits(Budget, 2 * Budget, 100), TimeProvider.System);

        var kept = Enumerable.Range(0, 20_000).Count(number => index.Keep(s_tenant, new Guid(number, 0, 0, new byte[8]), 0, new string('A', 200)));

        Assert.InRange(index.HeldBytes, Budget / 2, Budget);
        Assert.InRange(kept, 1, 19_999);
        Assert.True(index.Keep(Guid.NewGuid(), Guid.NewGuid(), 0, "ANOTHER TENANT"));
    }

    [Fact]
    public void Of_twenty_thousand_recordings_all_titles_stay_and_of_what_was_said_the_newest()
    {
        const long Budget = 16L * 1024 * 1024;
        var index = new SearchIndex(new SearchLimits(Budget, 2 * Budget, 100), TimeProvider.System);
        var began = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        static Guid Id(int number) => new(number, 0, 0, new byte[8]);

        // The oldest first, as it is worst for the budget; titles come last, and what was said makes room for them.
        foreach (var number in Enumerable.Range(0, 20_000))
            index.KeepSaid(s_tenant, Id(number), 1, began.AddMinutes(number), new string('S', 2_000));
        var names = Enumerable.Range(0, 20_000).Count(number => index.Keep(s_tenant, Id(number), 0, new string('T', 100)));
        var said = Enumerable.Range(0, 20_000).Where(number => index.FindSaid(s_tenant, Id(number), 1) is not null).ToList();

        Assert.Equal(20_000, names);
        Assert.InRange(index.HeldBytes, Budget - 10_000, Budget);
        Assert.InRange(said.Count, 1, 19_999);
        // The newest, without a gap.
        Assert.Equal(Enumerable.Range(20_000 - said.Count, said.Count), said);
        Assert.False(index.KeepSaid(s_tenant, Id(0), 1, began, new string('S', 20_000)));
        Assert.Equal(said.Count, Enumerable.Range(0, 20_000).Count(number => index.FindSaid(s_tenant, Id(number), 1) is not null));
    }

    [Fact]
    public void What_was_said_holds_for_as_many_objects_as_there_are_and_goes_with_its_recording()
    {
        var index = new SearchIndex(SearchLimits.Default, TimeProvider.System);
        var id = Guid.NewGuid();
        index.KeepSaid(s_tenant, id, 2, DateTimeOffset.UnixEpoch, "SAID");

        Assert.Equal("SAID", index.FindSaid(s_tenant, id, 2));
        Assert.Null(index.FindSaid(s_tenant, id, 3));
        Assert.Null(index.FindSaid(Guid.NewGuid(), id, 2));
        index.Drop(s_tenant, id);
        Assert.Null(index.FindSaid(s_tenant, id, 2));
        Assert.Equal(0, index.HeldBytes);
    }

    [Fact]
    public void Words_of_another_version_or_tenant_or_of_a_dropped_recording_are_not_there()
    {
        var index = new SearchIndex(SearchLimits.Default, TimeProvider.System);
        var id = Guid.NewGuid();
        index.Keep(s_tenant, id, 3, "NEW");

        Assert.False(index.Keep(s_tenant, id, 2, "OLD"));
        Assert.Equal("NEW", index.Find(s_tenant, id, 3));
        Assert.Null(index.Find(s_tenant, id, 4));
        Assert.Null(index.Find(Guid.NewGuid(), id, 3));
        index.Drop(s_tenant, id);
        Assert.Null(index.Find(s_tenant, id, 3));
        Assert.Equal(0, index.HeldBytes);
    }
}
