using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Server.Tests.Playback;
using RecordingVault.Server.Tests.Uploads;

namespace RecordingVault.Server.Tests.Retention.Holds;

/// <summary>An organisation with a recording, a matter, an Owner who is signed in, and the ways to hold and let go.</summary>
internal sealed class Holding : IDisposable
{
    private Holding(TestTenant tenant, StoredRecording recording, Guid matter) => (Tenant, Recording, Matter, Owner) = (tenant, recording, matter, new TestBrowser(tenant.Vault));

    public TestTenant Tenant { get; }

    public StoredRecording Recording { get; }

    public Guid Matter { get; }

    public TestBrowser Owner { get; }

    public VaultView View => new(Tenant.Vault, Tenant.Id);

    public string HoldsPath => $"{Recording.Path}/holds";

    public static async Task<Holding> MakeAsync(TestVault vault, CancellationToken cancellationToken)
    {
        var tenant = await TestTenant.CreateAsync(vault, cancellationToken);
        var made = new Holding(tenant, await StoredRecording.PutAsync(vault, tenant, 1_000, cancellationToken), await OpenAsync(tenant, "Smith v. Jones", cancellationToken));
        (await made.Owner.SignInAsync(tenant.Owner, cancellationToken)).Dispose();
        return made;
    }

    public static async Task<Guid> OpenAsync(TestTenant tenant, string name, CancellationToken cancellationToken)
    {
        using var opened = await (await tenant.ClientAsync(Role.Owner, cancellationToken)).PostAsJsonAsync("/api/v1/matters", new { name }, cancellationToken);
        opened.EnsureSuccessStatusCode();
        return (await opened.Content.ReadFromJsonAsync<JsonElement>(cancellationToken)).GetProperty("id").GetGuid();
    }

    /// <summary>By a script of the Owner.</summary>
    /// <returns>The hold.</returns>
    public Task<Guid> HoldAsync(CancellationToken cancellationToken, Guid? recording = null, Guid? matter = null) => HoldAsync(Tenant, recording ?? Recording.Id, matter ?? Matter, cancellationToken);

    public static async Task<Guid> HoldAsync(TestTenant tenant, Guid recording, Guid matter, CancellationToken cancellationToken)
    {
        using var held = await (await tenant.ClientAsync(Role.Owner, cancellationToken)).PostAsJsonAsync($"/api/v1/recordings/{recording}/holds", new { matter, reason = " Asked for by counsel. " }, cancellationToken);
        held.EnsureSuccessStatusCode();
        return (await held.Content.ReadFromJsonAsync<JsonElement>(cancellationToken)).GetProperty("items").EnumerateArray()
            .Single(hold => hold.GetProperty("matter").GetProperty("id").GetGuid() == matter && hold.GetProperty("liftedAt").ValueKind == JsonValueKind.Null).GetProperty("id").GetGuid();
    }

    public Task<HttpResponseMessage> LiftAsync(Guid hold, CancellationToken cancellationToken, string? reason = "The court said so.", TestBrowser? by = null) =>
        (by ?? Owner).SendJsonAsync(HttpMethod.Delete, $"{HoldsPath}/{hold}", new { reason }, cancellationToken);

    public Task<HttpResponseMessage> CloseAsync(CancellationToken cancellationToken, string? reason = "It is settled.", TestBrowser? by = null) =>
        (by ?? Owner).SendJsonAsync(HttpMethod.Post, $"/api/v1/matters/{Matter}/close", new { reason }, cancellationToken);

    public async Task<TestBrowser> SignInAsync(Role role, CancellationToken cancellationToken)
    {
        var browser = new TestBrowser(Tenant.Vault);
        (await browser.SignInAsync(await Tenant.AddAsync(role, cancellationToken), cancellationToken)).Dispose();
        return browser;
    }

    public Task<HttpResponseMessage> TrashAsync(CancellationToken cancellationToken) => TrashAsync(Recording.Path, cancellationToken);

    public async Task<HttpResponseMessage> TrashAsync(string path, CancellationToken cancellationToken) => await (await Tenant.ClientAsync(Role.Owner, cancellationToken)).DeleteAsync(path, cancellationToken);

    public async Task<JsonElement> MatterAsync(CancellationToken cancellationToken) => await (await Tenant.ClientAsync(Role.Owner, cancellationToken)).GetFromJsonAsync<JsonElement>($"/api/v1/matters/{Matter}", cancellationToken);

    /// <summary>The recording, its key and its bytes are there, and what it holds opens.</summary>
    public async Task AssertWholeAsync(CancellationToken cancellationToken)
    {
        Assert.True(await View.RowsAsync(db => db.Recordings.AnyAsync(row => row.Id == Recording.Id && !row.IsBeingDestroyed, cancellationToken)));
        Assert.True(await View.RowsAsync(db => db.KeyWraps.AnyAsync(wrap => wrap.OwnerId == Recording.Id, cancellationToken)));
        Assert.Equal(Recording.Content, await View.ContentAsync(Recording.Id));
    }

    public static string Detail(JsonElement line, string name) => line.GetProperty("details").GetProperty(name).GetString()!;

    public void Dispose() => Owner.Dispose();
}
