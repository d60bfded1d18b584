using System.Net;
using System.Net.Http.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Server.Tests.Uploads;
using RecordingVault.Vault.Columns;
using RecordingVault.Vault.Format;
using RecordingVault.Vault.Keys;
using RecordingVault.Vault.Recovery;
using RecordingVault.Vault.Storage;

namespace RecordingVault.Server.Tests.Recordings;

/// <summary>The card in the bucket tells what the row tells, and nothing older lies beside it.</summary>
public sealed class CardTests(SharedVault shared)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task After_a_change_the_card_has_the_new_words_and_no_older_one_is_left()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var recording = await UploadedAsync(tenant);
        await UntilTitleAsync(tenant, recording, "meeting");
        var owner = await tenant.ClientAsync(Role.Owner, Ct);

        using var changed = await owner.PatchAsJsonAsync($"/api/v1/recordings/{recording}", new { title = "Second thoughts" }, Ct);

        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
        await UntilTitleAsync(tenant, recording, "Second thoughts");
        await UntilAsync(async () => (await CardsAsync(tenant, recording)).Count == 1);
    }

    [Fact]
    public async Task A_recording_that_was_made_without_content_gets_its_card_at_once()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var owner = await tenant.ClientAsync(Role.Owner, Ct);

        using var made = await owner.PostAsJsonAsync("/api/v1/recordings", new { title = "Weekly" }, Ct);
        var recording = Guid.Parse(made.Headers.Location!.OriginalString.Split('/')[^1]);

        await UntilAsync(async () => (await CardsAsync(tenant, recording)).Count == 1);
    }

    [Fact]
    public async Task Two_cards_of_one_number_become_one()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var recording = await UploadedAsync(tenant);
        await UntilAsync(async () => (await CardsAsync(tenant, recording)).Count == 1 && await IsWrittenAsync(tenant, recording));
        await DueAgainAsync(tenant, recording);

        await Task.WhenAll(WriteAsync(tenant, recording), WriteAsync(tenant, recording), WriteAsync(tenant, recording));
        await DueAgainAsync(tenant, recording);
        await WriteAsync(tenant, recording);

        // The vault's own worker may be writing one just now, and puts the new one before it takes the old one away.
        await UntilAsync(async () => (await CardsAsync(tenant, recording)).Count == 1);
        await UntilTitleAsync(tenant, recording, "meeting");
    }

    [Fact]
    public async Task The_sweep_gets_past_any_number_of_recordings_that_fail()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var owner = await tenant.ClientAsync(Role.Owner, Ct);
        await AddBrokenAsync(tenant, 250);
        using var made = await owner.PostAsJsonAsync("/api/v1/recordings", new { title = "Weekly" }, Ct);
        var recording = Guid.Parse(made.Headers.Location!.OriginalString.Split('/')[^1]);
        await UntilAsync(() => IsWrittenAsync(tenant, recording));
        await DueAgainAsync(tenant, recording);

        await ActivatorUtilities.CreateInstance<SweepCardsJob>(shared.Vault.Services).RunAsync(Ct);

        await UntilAsync(() => IsWrittenAsync(tenant, recording));
    }

    private static async Task<Guid> UploadedAsync(TestTenant tenant)
    {
        var tus = await TusClient.OfAsync(tenant, Role.Owner, Ct);
        var (address, recording) = await tus.BeginAsync(1_000, Ct);
        await tus.AppendAsync(address, 0, Footage.Make(1_000), Ct);
        return recording;
    }

    /// <summary>Rows whose key was never made: no card of them can be written.</summary>
    private static Task<int> AddBrokenAsync(TestTenant tenant, int count) => new VaultView(tenant.Vault, tenant.Id).InScopeAsync(async services =>
    {
        var db = services.GetRequiredService<Server.Data.VaultDbContext>();
        using var key = await services.GetRequiredService<TenantKeys>().DataKeyAsync(Ct);
        for (var i = 0; i < count; i++)
        {
            var id = Guid.CreateVersion7();
            db.Recordings.Add(new Recording
            {
                TenantId = tenant.Id,
                Id = id,
                Title = SealedText.Seal(key, tenant.Id, id, Recording.TitleColumn, "nobody reads this"),
                CreatedAt = DateTimeOffset.UnixEpoch,
                CreatedBy = tenant.Owner.Id,
            });
        }

        return await db.SaveChangesAsync(Ct);
    });

    private static Task<bool> WriteAsync(TestTenant tenant, Guid recording) => new VaultView(tenant.Vault, tenant.Id).InScopeAsync(async services =>
    {
        await ActivatorUtilities.CreateInstance<WriteCardJob>(services).RunAsync(recording, Ct);
        return true;
    });

    private static Task<int> DueAgainAsync(TestTenant tenant, Guid recording) => new VaultView(tenant.Vault, tenant.Id).RowsAsync(db =>
        db.Recordings.Where(row => row.Id == recording).ExecuteUpdateAsync(set => set.SetProperty(row => row.CardVersion, (int?)null), Ct));

    private static Task<bool> IsWrittenAsync(TestTenant tenant, Guid recording) => new VaultView(tenant.Vault, tenant.Id).RowsAsync(db =>
        db.Recordings.AnyAsync(row => row.Id == recording && row.CardVersion == row.Version, Ct));

    private static async Task<IReadOnlyList<StoredObjectName>> CardsAsync(TestTenant tenant, Guid recording)
    {
        var found = new List<StoredObjectName>();
        await foreach (var name in new VaultView(tenant.Vault, tenant.Id).Store.ListRecordingAsync(tenant.Id, recording, Ct))
        {
            if (name.Role == ObjectRole.Card)
                found.Add(name);
        }

        return found;
    }

    /// <summary>As somebody reads it who has the bucket and the root key and no database.</summary>
    private static Task UntilTitleAsync(TestTenant tenant, Guid recording, string title) => UntilAsync(async () =>
    {
        using var root = new FileRootKey(Path.Combine(tenant.Vault.DataDirectory, "root.key")).Load();
        await using var bucket = BucketReader.OpenFolder(Path.Combine(tenant.Vault.DataDirectory, "store"));
        try
        {
            using var opened = await bucket.OpenRecordingAsync(root, tenant.Id, recording, Ct);
            return opened.Card?.Title == title;
        }
        catch (SealedFormatException)
        {
            return false; // the older card went while it was being read
        }
    });

    private static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        limit.CancelAfter(Limit);
        while (!await isSo())
            await Task.Delay(20, limit.Token);
    }
}
