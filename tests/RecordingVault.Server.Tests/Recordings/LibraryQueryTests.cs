using System.Diagnostics;
using System.Net.Http.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Server.Tests.Playback;
using RecordingVault.Server.Tests.Sharing;

namespace RecordingVault.Server.Tests.Recordings;

/// <summary>A page costs as many queries as another, however many tiles stand on it (P12), also when no key is open yet.</summary>
public sealed class LibraryQueryTests(SharedVault shared)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Twice_as_many_tiles_are_as_many_queries()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        using var browser = new TestBrowser(shared.Vault);
        await browser.SignInAsync(tenant.Owner, Ct);
        await AddWatchedAsync(tenant, 3);
        await CountAsync(browser, tenant); // what is read once a session is read now

        var few = await CountAsync(browser, tenant);
        await AddWatchedAsync(tenant, 3);
        var many = await CountAsync(browser, tenant);

        Assert.Equal(few, many);
    }

    private async Task<int> CountAsync(TestBrowser browser, TestTenant tenant)
    {
        shared.Vault.Services.GetRequiredService<VaultKeyring>().DropIdle(0);
        using var commands = new CommandCount(tenant.Id);
        using var page = await browser.GetAsync("/", Ct);
        page.EnsureSuccessStatusCode();
        Assert.Contains("Anna", await page.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        return commands.Seen;
    }

    private async Task AddWatchedAsync(TestTenant tenant, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var recording = await StoredRecording.PutAsync(shared.Vault, tenant, 1_000, Ct);
            var link = await SharedLink.MakeAsync(recording, Ct, new { recipientName = "Anna" });
            var visitor = await Visitor.AtAsync(shared.Vault, link.Id, Ct);
            (await visitor.OpenAsync(link, Ct)).EnsureSuccessStatusCode();
            (await visitor.PostAsync(link.PublicPath + "/played", new { duration = 100 }, Ct)).EnsureSuccessStatusCode();
        }
    }

    /// <summary>Commands of one tenant's scopes; other tests of this process work in tenants of their own.</summary>
    private sealed class CommandCount : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>, IDisposable
    {
        private readonly Guid tenantId;
        private readonly List<IDisposable> subscriptions = [];
        private int seen;

        public CommandCount(Guid tenantId)
        {
            this.tenantId = tenantId;
            subscriptions.Add(DiagnosticListener.AllListeners.Subscribe(this));
        }

        public int Seen => seen;

        public void OnNext(DiagnosticListener value)
        {
            if (value.Name == DbLoggerCategory.Name)
                subscriptions.Add(value.Subscribe(this));
        }

        public void OnNext(KeyValuePair<string, object?> value)
        {
            if (value.Key == RelationalEventId.CommandExecuting.Name && value.Value is CommandEventData { Context: VaultDbContext db } && TenantOf(db) == tenantId)
                Interlocked.Increment(ref seen);
        }

        public void OnCompleted()
        {
        }

        public void OnError(Exception error)
        {
        }

        public void Dispose() => subscriptions.ForEach(subscription => subscription.Dispose());

        /// <summary>None where no tenant was entered: such a context throws.</summary>
        private static Guid? TenantOf(VaultDbContext db)
        {
            try
            {
                return db.TenantId;
            }
            catch (InvalidOperationException)
            {
                return null;
            }
        }
    }
}
