using System.Net.Http.Json;
using System.Text.Json;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;

namespace RecordingVault.Server.Tests.Recordings.Approvals;

/// <summary>An organisation that takes a second person's approval, with a recording, an Owner who asks and an Admin who decides.</summary>
internal sealed class TwoPeople : IDisposable
{
    private readonly TestVault vault;

    private TwoPeople(TestVault vault, TestTenant tenant, TestMember admin, Guid recording) =>
        (this.vault, Tenant, Admin, Recording, Asker, Second) = (vault, tenant, admin, recording, new TestBrowser(vault), new TestBrowser(vault));

    public TestTenant Tenant { get; }

    public TestMember Admin { get; }

    public Guid Recording { get; }

    /// <summary>The Owner's.</summary>
    public TestBrowser Asker { get; }

    /// <summary>The Admin's.</summary>
    public TestBrowser Second { get; }

    public static async Task<TwoPeople> MakeAsync(TestVault vault, CancellationToken cancellationToken, bool isTaken = true)
    {
        var tenant = await TestTenant.CreateAsync(vault, cancellationToken);
        using var made = await (await tenant.ClientAsync(Role.Owner, cancellationToken)).PostAsJsonAsync("/api/v1/recordings", new { title = "Session with Anna" }, cancellationToken);
        var two = new TwoPeople(vault, tenant, await tenant.AddAsync(Role.Admin, cancellationToken), (await made.Content.ReadFromJsonAsync<JsonElement>(cancellationToken)).GetProperty("id").GetGuid());
        await two.SignInAsync(cancellationToken);
        if (isTaken)
            (await two.PolicyAsync(new { approval = true, reason = "Decided by the board." }, cancellationToken)).EnsureSuccessStatusCode().Dispose();
        return two;
    }

    /// <summary>Both anew: after hours a session is over.</summary>
    public async Task SignInAsync(CancellationToken cancellationToken)
    {
        (await Asker.SignInAsync(Tenant.Owner, cancellationToken)).Dispose();
        (await Second.SignInAsync(Admin, cancellationToken)).Dispose();
    }

    public async Task<TestBrowser> AnotherAsync(Role role, CancellationToken cancellationToken)
    {
        var browser = new TestBrowser(vault);
        (await browser.SignInAsync(await Tenant.AddAsync(role, cancellationToken), cancellationToken)).Dispose();
        return browser;
    }

    public Task<HttpResponseMessage> PolicyAsync(object body, CancellationToken cancellationToken) => Asker.SendJsonAsync(HttpMethod.Put, "/api/v1/tenant/usage", body, cancellationToken);

    public Task<HttpResponseMessage> TryAsync(string tag, CancellationToken cancellationToken, TestBrowser? by = null) =>
        (by ?? Asker).SendJsonAsync(HttpMethod.Put, $"/api/v1/recordings/{Recording}/usage", new { tag, reason = " They all signed. " }, cancellationToken);

    public async Task<Guid> AskAsync(CancellationToken cancellationToken, string tag = "no-ai-training", TestBrowser? by = null)
    {
        using var asked = await TryAsync(tag, cancellationToken, by);
        Assert.Equal(System.Net.HttpStatusCode.Accepted, asked.StatusCode);
        return (await asked.Content.ReadFromJsonAsync<JsonElement>(cancellationToken)).GetProperty("id").GetGuid();
    }

    public static Task<HttpResponseMessage> DecideAsync(TestBrowser by, Guid id, CancellationToken cancellationToken, string decision = "approve", string word = " I saw the papers. ") =>
        by.SendJsonAsync(HttpMethod.Post, $"/api/v1/loosenings/{id}/decision", new { decision, word }, cancellationToken);

    public async Task<string?> TagAsync(CancellationToken cancellationToken) => (await UsageAsync(cancellationToken)).GetProperty("tag").GetString();

    public async Task<JsonElement> UsageAsync(CancellationToken cancellationToken) => await ReadAsync($"/api/v1/recordings/{Recording}/usage", cancellationToken);

    public async Task<string?> StateAsync(Guid id, CancellationToken cancellationToken) => (await ReadAsync($"/api/v1/loosenings/{id}", cancellationToken)).GetProperty("state").GetString();

    /// <summary>As a script of the Owner reads it.</summary>
    public async Task<JsonElement> ReadAsync(string path, CancellationToken cancellationToken) => await (await Tenant.ClientAsync(Role.Owner, cancellationToken)).GetFromJsonAsync<JsonElement>(path, cancellationToken);

    public async Task<IReadOnlyList<JsonElement>> EventsAsync(string type, CancellationToken cancellationToken) =>
        [.. (await Tenant.EventsAsync(cancellationToken)).Where(line => line.GetProperty("type").GetString() == type)];

    public static string? Detail(JsonElement line, string name) => line.GetProperty("details").TryGetProperty(name, out var value) ? value.GetString() : null;

    public void Dispose()
    {
        Asker.Dispose();
        Second.Dispose();
    }
}
