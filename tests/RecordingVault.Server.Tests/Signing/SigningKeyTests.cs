using System.Buffers.Text;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Signing;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Server.Tests.Playback;
using RecordingVault.Vault.Keys;

namespace RecordingVault.Server.Tests.Signing;

/// <summary>An organisation's signing keys: drawn when they are needed, one for a use, published for everybody, their secrets gone after a year.</summary>
public sealed class SigningKeyTests(ClockedVault clocked) : IClassFixture<ClockedVault>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_key_is_made_once_for_each_use_and_told_in_the_log()
    {
        var tenant = await TestTenant.CreateAsync(clocked.Vault, Ct);

        var package = await OpenAsync(tenant, SigningUse.Package);
        var again = await OpenAsync(tenant, SigningUse.Package);
        var vcon = await OpenAsync(tenant, SigningUse.Vcon);

        Assert.Equal(package, again);
        Assert.NotEqual(package, vcon);
        Assert.Equal(2, (await tenant.EventTypesAsync(Ct)).Count(type => type == "signing-key.made"));
    }

    [Fact]
    public async Task Two_who_need_the_first_key_at_once_get_the_same_one()
    {
        var tenant = await TestTenant.CreateAsync(clocked.Vault, Ct);

        var keys = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => OpenAsync(tenant, SigningUse.Package)));

        Assert.Single(keys.Distinct());
        Assert.Single(await tenant.EventTypesAsync(Ct), type => type == "signing-key.made");
    }

    [Fact]
    public async Task Anybody_reads_the_public_part_and_nothing_of_whose_it_is()
    {
        var tenant = await TestTenant.CreateAsync(clocked.Vault, Ct);
        var package = await OpenAsync(tenant, SigningUse.Package);
        var vcon = await OpenAsync(tenant, SigningUse.Vcon);

        var text = await clocked.Vault.Bare.GetStringAsync("/.well-known/recording-vault-keys.json", Ct);
        var first = Published(text, package);
        var second = Published(text, vcon);

        Assert.Equal(("package", "Ed25519"), (first.GetProperty("use").GetString(), first.GetProperty("algorithm").GetString()));
        Assert.Equal(32, Base64Url.DecodeFromChars(first.GetProperty("publicKey").GetString()).Length);
        Assert.Equal(("vcon", "ES256"), (second.GetProperty("use").GetString(), second.GetProperty("algorithm").GetString()));
        using var certificate = X509CertificateLoader.LoadCertificate(Base64Url.DecodeFromChars(second.GetProperty("certificate").GetString()));
        Assert.Equal(Base64Url.DecodeFromChars(second.GetProperty("publicKey").GetString()), certificate.PublicKey.ExportSubjectPublicKeyInfo());
        Assert.DoesNotContain(tenant.Id.ToString(), text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(tenant.Name, text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_a_year_the_secret_is_destroyed_and_the_public_part_stays()
    {
        var tenant = await TestTenant.CreateAsync(clocked.Vault, Ct);
        var first = await OpenAsync(tenant, SigningUse.Package);
        ((FakeTimeProvider)clocked.Vault.Services.GetRequiredService<TimeProvider>()).Advance(SigningKeys.Lifetime);

        var second = await OpenAsync(tenant, SigningUse.Package);
        var text = await clocked.Vault.Bare.GetStringAsync("/.well-known/recording-vault-keys.json", Ct);
        await using var scope = tenant.Enter();
        var wraps = await scope.ServiceProvider.GetRequiredService<VaultDbContext>().KeyWraps.Where(wrap => wrap.Kind == KeyKind.Signing).Select(wrap => wrap.Id).ToListAsync(Ct);

        Assert.NotEqual(first, second);
        Assert.Equal([second], wraps);
        Assert.Equal(JsonValueKind.Object, Published(text, first).ValueKind);
        Assert.True(Published(text, first).GetProperty("until").GetDateTimeOffset() <= Published(text, second).GetProperty("since").GetDateTimeOffset());
    }

    [Fact]
    public async Task A_key_that_another_organisation_signs_with_is_not_opened_here()
    {
        var tenant = await TestTenant.CreateAsync(clocked.Vault, Ct);
        var stranger = await TestTenant.CreateAsync(clocked.Vault, Ct);
        var own = await OpenAsync(tenant, SigningUse.Package);

        Assert.NotEqual(own, await OpenAsync(stranger, SigningUse.Package));
        await using var scope = stranger.Enter();
        Assert.DoesNotContain(own, await scope.ServiceProvider.GetRequiredService<VaultDbContext>().KeyWraps.Select(wrap => wrap.Id).ToListAsync(Ct));
    }

    [Fact]
    public async Task The_vaults_authority_vouches_for_each_organisations_C2PA_key_and_both_are_published()
    {
        var tenant = await TestTenant.CreateAsync(clocked.Vault, Ct);
        var stranger = await TestTenant.CreateAsync(clocked.Vault, Ct);
        var (own, theirs) = (await OpenAsync(tenant, SigningUse.C2pa), await OpenAsync(stranger, SigningUse.C2pa));

        var text = await clocked.Vault.Bare.GetStringAsync("/.well-known/recording-vault-keys.json", Ct);
        using var leaf = Certificate(Published(text, own));
        using var other = Certificate(Published(text, theirs));
        using var authority = Certificate(Authorities(text).First());

        Assert.NotEqual(own, theirs);
        Assert.Equal(("c2pa", "ES256"), (Published(text, own).GetProperty("use").GetString(), Published(text, own).GetProperty("algorithm").GetString()));
        Assert.Equal(Base64Url.DecodeFromChars(Published(text, own).GetProperty("publicKey").GetString()), leaf.PublicKey.ExportSubjectPublicKeyInfo());
        Assert.All(new[] { leaf, other }, one => Assert.True(IsUnder(one, authority)));
        Assert.DoesNotContain(tenant.Id.ToString(), leaf.Subject, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(tenant.Name, leaf.Subject, StringComparison.Ordinal);
        Assert.Contains("signing-key.made", await tenant.EventTypesAsync(Ct));
    }

    [Fact]
    public async Task Organisations_that_need_the_authority_at_once_get_one_and_the_same()
    {
        var tenants = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => TestTenant.CreateAsync(clocked.Vault, Ct)));

        await Task.WhenAll(tenants.Select(tenant => OpenAsync(tenant, SigningUse.C2pa)));
        await using var scope = clocked.Vault.Services.CreateAsyncScope();

        Assert.Single(await scope.ServiceProvider.GetRequiredService<VaultDbContext>().VaultKeyWraps.Where(wrap => wrap.Kind == KeyKind.Signing).ToListAsync(Ct));
    }

    [Fact]
    public async Task After_a_year_another_authority_signs_and_the_first_ones_leaves_stand_on()
    {
        var tenant = await TestTenant.CreateAsync(clocked.Vault, Ct);
        var first = await OpenAsync(tenant, SigningUse.C2pa);
        var before = Authorities(await clocked.Vault.Bare.GetStringAsync("/.well-known/recording-vault-keys.json", Ct)).First();
        ((FakeTimeProvider)clocked.Vault.Services.GetRequiredService<TimeProvider>()).Advance(SigningKeys.Lifetime);

        var second = await OpenAsync(tenant, SigningUse.C2pa);
        var text = await clocked.Vault.Bare.GetStringAsync("/.well-known/recording-vault-keys.json", Ct);
        var now = Authorities(text).First();
        using var old = Certificate(before);
        using var young = Certificate(now);
        using var leaf = Certificate(Published(text, first));
        using var next = Certificate(Published(text, second));
        await using var scope = clocked.Vault.Services.CreateAsyncScope();
        var wraps = await scope.ServiceProvider.GetRequiredService<VaultDbContext>().VaultKeyWraps.Where(wrap => wrap.Kind == KeyKind.Signing).Select(wrap => wrap.Id).ToListAsync(Ct);

        Assert.NotEqual(before.GetProperty("id").GetGuid(), now.GetProperty("id").GetGuid());
        Assert.Equal([now.GetProperty("id").GetGuid()], wraps);
        Assert.True(IsUnder(leaf, old));
        Assert.True(IsUnder(next, young));
        Assert.False(IsUnder(next, old));
        // No leaf outlasts the authority that signed it.
        Assert.True(leaf.NotAfter <= old.NotAfter);
    }

    private static IEnumerable<JsonElement> Authorities(string text) =>
        JsonDocument.Parse(text).RootElement.GetProperty("keys").EnumerateArray().Where(key => key.GetProperty("use").GetString() == "authority");

    private static X509Certificate2 Certificate(JsonElement key) => X509CertificateLoader.LoadCertificate(Base64Url.DecodeFromChars(key.GetProperty("certificate").GetString()));

    private static bool IsUnder(X509Certificate2 leaf, X509Certificate2 authority)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(authority);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.VerificationTime = leaf.NotBefore.AddDays(2);
        return chain.Build(leaf);
    }

    private static async Task<Guid> OpenAsync(TestTenant tenant, SigningUse use)
    {
        await using var scope = tenant.Enter();
        using var held = await scope.ServiceProvider.GetRequiredService<SigningKeys>().OpenAsync(use, Ct);
        return held.Key.Id;
    }

    private static JsonElement Published(string text, Guid id) =>
        JsonDocument.Parse(text).RootElement.GetProperty("keys").EnumerateArray().Single(key => key.GetProperty("id").GetGuid() == id);
}
