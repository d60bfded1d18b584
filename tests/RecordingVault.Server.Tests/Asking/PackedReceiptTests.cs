using System.Buffers.Text;
using System.IO.Compression;
using System.Net.Http.Json;
using System.Text.Json;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Export.Packages;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Vault.Packages;

namespace RecordingVault.Server.Tests.Asking;

/// <summary>What people said goes along with a recording that leaves: as receipts, and as lawful bases in the vCon.</summary>
public sealed class PackedReceiptTests(SharedVault shared)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_package_holds_the_newest_receipt_of_each_and_what_each_granted_and_refused()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct);
        var asked = await Asked.OfAsync(await PackedRecording.PutAsync(tenant, Ct), Ct);
        await asked.AnswerAsync(Ct, "keep");
        var newest = await asked.AnswerAsync(Ct, "keep", "share-external");
        var owner = await tenant.ClientAsync(Role.Owner, Ct);
        using var contract = await owner.PostAsJsonAsync($"{asked.Recording.Path}/consents", new { participant = asked.Anna, purpose = "keep", status = "not-needed", method = "signed-paper", lawfulBasis = "legitimate-interests" }, Ct);
        contract.EnsureSuccessStatusCode();

        var id = await PackedRecording.MakeAsync(tenant, Ct, asked.Recording.Id);
        var bytes = await owner.GetByteArrayAsync($"/api/v1/exports/{id}/download", Ct);

        await PackageVerifier.VerifyAsync(new MemoryStream(bytes), Ct);
        using var zip = new ZipArchive(new MemoryStream(bytes));
        var receipt = Assert.Single(zip.Entries, entry => entry.FullName.Contains("/data/consents/", StringComparison.Ordinal));
        using var said = JsonDocument.Parse(SignedDocument.Verify(Read(receipt)).Document);
        Assert.Equal($"urn:uuid:{newest.Id}", said.RootElement.GetProperty("dct:identifier").GetString());
        using var signed = JsonDocument.Parse(Read(zip.Entries.Single(entry => entry.Name == "vcon.json")));
        using var vcon = JsonDocument.Parse(Base64Url.DecodeFromChars(signed.RootElement.GetProperty("payload").GetString()));
        Assert.Equal("lawful_basis", Assert.Single(vcon.RootElement.GetProperty("extensions").EnumerateArray()).GetString());
        // Training is forbidden, so a reader that does not know what people said must leave it alone.
        Assert.Equal("lawful_basis", Assert.Single(vcon.RootElement.GetProperty("critical").EnumerateArray()).GetString());
        var parties = vcon.RootElement.GetProperty("parties").EnumerateArray().Select(party => party.GetProperty("name").GetString()).ToList();
        var bases = vcon.RootElement.GetProperty("attachments").EnumerateArray().Where(one => one.GetProperty("purpose").GetString() == "lawful_basis").ToDictionary(one => parties[one.GetProperty("party").GetInt32()]!, one => one.GetProperty("body"));
        Assert.Equal(("consent", "legitimate_interests"), (bases["Ben Okafor"].GetProperty("lawful_basis").GetString(), bases["Anna Lindqvist"].GetProperty("lawful_basis").GetString()));
        var grants = bases["Ben Okafor"].GetProperty("purpose_grants").EnumerateArray().ToDictionary(grant => grant.GetProperty("purpose").GetString()!, grant => grant.GetProperty("granted").GetBoolean());
        Assert.Equal((true, true, false), (grants["keep"], grants["share-external"], grants["ai-training"]));
        Assert.True(bases["Anna Lindqvist"].GetProperty("purpose_grants")[0].GetProperty("granted").GetBoolean());
    }

    private static byte[] Read(ZipArchiveEntry entry)
    {
        using var content = new MemoryStream();
        using (var stream = entry.Open())
            stream.CopyTo(content);
        return content.ToArray();
    }
}
