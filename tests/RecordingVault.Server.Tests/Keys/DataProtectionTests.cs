using System.Xml.Linq;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Tests.Fixture;

namespace RecordingVault.Server.Tests.Keys;

/// <summary>The keys that sign cookies and forms.</summary>
public sealed class DataProtectionTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Keys_stand_sealed_each_under_a_wrapped_key_of_its_own()
    {
        await using var vault = await TestVault.StartAsync();
        var keys = vault.Services.GetRequiredService<IKeyManager>();
        keys.CreateNewKey(TimeProvider.System.GetUtcNow(), TimeProvider.System.GetUtcNow().AddDays(9));
        keys.CreateNewKey(TimeProvider.System.GetUtcNow(), TimeProvider.System.GetUtcNow().AddDays(9));

        var rows = await RowsAsync(vault);

        Assert.InRange(rows.Count, 2, 9);
        Assert.All(rows, xml => Assert.DoesNotContain("masterKey", xml, StringComparison.OrdinalIgnoreCase));
        Assert.Equal(rows.Count, rows.Select(xml => XElement.Parse(xml).Descendants("sealed").Single().Attribute("wrap")!.Value).Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public async Task A_key_that_was_changed_opens_no_cookie()
    {
        await using var vault = await TestVault.StartAsync();
        vault.Services.GetRequiredService<IDataProtectionProvider>().CreateProtector("test").Protect("x");
        var element = XElement.Parse((await RowsAsync(vault))[0]).Descendants("sealed").Single();
        var bytes = Convert.FromBase64String(element.Value);
        bytes[^1] ^= 1;
        var opener = new DataProtectionOpener(vault.Services);

        Assert.NotNull(opener.Decrypt(element));
        Assert.ThrowsAny<Exception>(() => opener.Decrypt(new XElement("sealed", element.Attribute("wrap"), Convert.ToBase64String(bytes))));
    }

    [Fact]
    public async Task Without_the_sealer_nothing_starts() =>
        await Assert.ThrowsAsync<VaultStartException>(async () =>
        {
            await using var vault = await TestVault.StartAsync(builder => builder.Services.PostConfigure<KeyManagementOptions>(options => options.XmlEncryptor = null));
        });

    private static async Task<List<string>> RowsAsync(TestVault vault)
    {
        await using var scope = vault.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<VaultDbContext>().DataProtectionKeys.Select(row => row.Xml!).ToListAsync(Ct);
    }
}
