using System.Net.Http.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.Recordings.Lists;
using RecordingVault.Server.Features.Recordings.Search;
using RecordingVault.Server.Platform.Paging;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;

namespace RecordingVault.Server.Tests.Recordings;

/// <summary>What an order costs: an index for each that the database keeps, and a limit that is said for the one that it can't.</summary>
public sealed class LibraryOrderTests(SharedVault shared)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Newest", "created_at")]
    [InlineData("Recorded", "meeting_at")]
    [InlineData("Longest", "length_or_none")]
    [InlineData("Largest", "size_in_bytes")]
    [InlineData("State", "state_place")]
    public async Task The_database_keeps_an_index_of_just_what_an_order_goes_by(string sort, string column)
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        await using var scope = tenant.Enter();
        var db = scope.ServiceProvider.GetRequiredService<VaultDbContext>();
        var kept = scope.ServiceProvider.GetRequiredService<LibraryRows>().Kept(new LibraryFilter());

        var statement = LibraryRows.InOrder(kept, Enum.Parse<LibrarySort>(sort)).ToQueryString().Replace("\"", "", StringComparison.Ordinal);
        var indexes = db.Model.FindEntityType(typeof(Recording))!.GetIndexes().Select(index => string.Join(' ', index.Properties.Select(property => property.GetColumnName())));

        // By nothing else, and by no expression: an index is walked from one end to the other.
        Assert.Matches($"ORDER BY r\\.{column}( DESC)?, r\\.id DESC$", statement);
        Assert.Contains($"tenant_id {column} id", indexes);
    }

    [Fact]
    public async Task More_titles_than_one_request_sorts_are_refused_with_the_cure()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        await using var scope = tenant.Enter();
        var services = scope.ServiceProvider;
        var order = new TitleOrder(
            services.GetRequiredService<VaultDbContext>(), services.GetRequiredService<FoldedNames>(), SearchLimits.Default with { SortedAtOnce = 0 },
            services.GetRequiredService<RecordingReading>(), services.GetRequiredService<Cursors>());
        var rows = services.GetRequiredService<LibraryRows>().Kept(new LibraryFilter());

        var (none, nothing) = await order.PageAsync(rows, 10, null, Ct);
        (await (await tenant.ClientAsync(Role.Owner, Ct)).PostAsync("/api/v1/recordings", JsonContent.Create(new { title = "One" }), Ct)).EnsureSuccessStatusCode();
        var (page, problem) = await order.PageAsync(rows, 10, null, Ct);

        Assert.Empty(none!.Items);
        Assert.Null(nothing);
        Assert.Null(page);
        Assert.Equal("too-many-to-sort", problem!.Slug);
    }
}
