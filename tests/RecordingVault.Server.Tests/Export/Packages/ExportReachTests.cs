using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Export.Packages;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Features.UsageTags;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;

namespace RecordingVault.Server.Tests.Export.Packages;

/// <summary>Exports are there for whoever could make one for that purpose: for nobody else are they told, or ended.</summary>
public sealed class ExportReachTests(SharedVault shared)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("view", "share-external", false)]
    [InlineData("", "view-internal", false)]
    [InlineData("view download", "share-external", true)]
    [InlineData("view download", "legal", false)]
    [InlineData("legal", "legal", false)]
    [InlineData("download legal", "legal", true)]
    [InlineData("download transcribe", "ai-training", false)]
    [InlineData("download ai-training", "ai-training", true)]
    public async Task A_token_is_told_of_and_ends_exports_that_it_could_make(string listed, string purpose, bool isThere)
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var id = await PlantAsync(tenant, purpose);
        using var client = await ClientAsync(tenant, listed);

        using var one = await client.GetAsync($"/api/v1/exports/{id}", Ct);
        var list = await client.GetFromJsonAsync<JsonElement>("/api/v1/exports", Ct);
        using var fetched = await client.GetAsync($"/api/v1/exports/{id}/download", Ct);
        using var ended = await client.DeleteAsync($"/api/v1/exports/{id}", Ct);

        Assert.Equal(isThere ? (HttpStatusCode.OK, HttpStatusCode.NoContent) : (HttpStatusCode.NotFound, HttpStatusCode.NotFound), (one.StatusCode, ended.StatusCode));
        // Planted as one of which nothing came: not even that is told to whoever could not make it.
        Assert.Equal(isThere ? HttpStatusCode.Conflict : HttpStatusCode.NotFound, fetched.StatusCode);
        Assert.Equal(isThere ? 1 : 0, list.GetProperty("items").GetArrayLength());
        await using var scope = tenant.Enter();
        Assert.Equal(isThere, await scope.ServiceProvider.GetRequiredService<VaultDbContext>().PackageExports.AnyAsync(export => export.Id == id && export.State == ExportState.Ended, Ct));
    }

    [Theory]
    [InlineData("Contributor", "legal", false)]
    [InlineData("Contributor", "share-external", true)]
    [InlineData("Admin", "legal", true)]
    public async Task A_person_too_sees_what_a_law_demanded_only_where_he_could_state_it(string role, string purpose, bool isThere)
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var id = await PlantAsync(tenant, purpose);
        var member = await tenant.AddAsync(Enum.Parse<Role>(role), Ct);
        using var browser = new TestBrowser(shared.Vault);
        (await browser.SignInAsync(member, Ct)).Dispose();

        using var one = await browser.GetAsync($"/api/v1/exports/{id}", Ct);

        Assert.Equal(isThere ? HttpStatusCode.OK : HttpStatusCode.NotFound, one.StatusCode);
    }

    private static async Task<Guid> PlantAsync(TestTenant tenant, string purpose)
    {
        var stated = Purposes.Parse(purpose);
        var id = await PlantedExport.AddAsync(tenant, Guid.CreateVersion7(), Ct);
        await using var scope = tenant.Enter();
        await scope.ServiceProvider.GetRequiredService<VaultDbContext>().PackageExports.Where(export => export.Id == id).ExecuteUpdateAsync(set => set.SetProperty(export => export.For, stated), Ct);
        return id;
    }

    private async Task<HttpClient> ClientAsync(TestTenant tenant, string listed)
    {
        await using var scope = tenant.Enter();
        var made = await scope.ServiceProvider.GetRequiredService<TokenMaking>().MakeAsync(new NewToken("narrow", tenant.Owner.Id, Role.Owner, 30) { Purposes = TokenPurposes.OfRow(listed) }, Actor.System, Ct);
        var client = shared.Vault.Client();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", made!.Value.Text.Show());
        return client;
    }
}
