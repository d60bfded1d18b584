using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using RecordingVault.Vault.Keys;
using RecordingVault.Vault.Packages;

namespace RecordingVault.Cli.Tests.Verifying;

/// <summary>`vault verify` with a consent receipt.</summary>
public sealed class VerifyReceiptTests : IDisposable
{
    private const string Said = """{"@type":"dpv:ConsentRecord","person":"Ben \u001b[31mBauer","consent":[{"purpose":"view-internal","status":"given"},{"purpose":"ai-training","status":"refused"}]}""";
    private static readonly DateTimeOffset s_at = new(2026, 11, 28, 9, 30, 0, TimeSpan.Zero);

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("vault-verify-");
    private readonly SigningKey key;

    public VerifyReceiptTests()
    {
        using var root = RootKey.Generate();
        using var tenantKey = KeyHierarchy.NewTenantKey(root, Guid.NewGuid()).Key;
        using var data = KeyHierarchy.NewTenantDataKey(tenantKey).Key;
        key = SigningKey.New(data, SignatureKind.Ed25519).Key;
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_receipt_as_it_was_signed_is_whole_and_what_it_says_is_shown_without_doing_anything_to_a_terminal()
    {
        var run = await VaultRun.OfAsync("verify", await ReceiptAsync());

        Assert.Equal(0, run.Code);
        Assert.StartsWith("Whole, and as it was signed", run.Out, StringComparison.Ordinal);
        Assert.Contains("consent-receipt", run.Out, StringComparison.Ordinal);
        Assert.Contains(@"person: Ben \u001B[31mBauer", run.Out, StringComparison.Ordinal);
        Assert.Contains("consent › status: refused", run.Out, StringComparison.Ordinal);
        Assert.Contains("compared with no list", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_changed_one_is_refused_as_a_changed_package_is()
    {
        var path = await ReceiptAsync();
        await File.WriteAllTextAsync(path, (await File.ReadAllTextAsync(path, Ct)).Replace("refused", "granted", StringComparison.Ordinal), Ct);

        var run = await VaultRun.OfAsync("verify", path);
        var json = await VaultRun.OfAsync("verify", path, "--json");

        Assert.Equal((1, ""), (run.Code, run.Out));
        Assert.Equal((1, false, "signature"), (json.Code, Read(json).GetProperty("whole").GetBoolean(), Read(json).GetProperty("failure").GetString()));
    }

    [Fact]
    public async Task With_the_published_keys_it_says_whether_the_signer_is_that_vault()
    {
        var path = await ReceiptAsync();

        var own = await VaultRun.OfAsync("verify", path, "--json", "--keys", await KeysAsync(key.Id));
        var strange = await VaultRun.OfAsync("verify", path, "--json", "--keys", await KeysAsync(Guid.NewGuid()));

        Assert.Equal((0, "published"), (own.Code, Read(own).GetProperty("key").GetString()));
        Assert.Equal("refused", Read(own).GetProperty("document").GetProperty("consent")[1].GetProperty("status").GetString());
        Assert.Equal((3, "not-published"), (strange.Code, Read(strange).GetProperty("key").GetString()));
    }

    public void Dispose()
    {
        key.Dispose();
        folder.Delete(recursive: true);
    }

    private async Task<string> ReceiptAsync()
    {
        var path = Path.Combine(folder.FullName, "receipt.json");
        await File.WriteAllBytesAsync(path, SignedDocument.Sign(key, DocumentKind.ConsentReceipt, Encoding.UTF8.GetBytes(Said), s_at).Write(), Ct);
        return path;
    }

    private async Task<string> KeysAsync(Guid id)
    {
        var path = Path.Combine(folder.FullName, "keys.json");
        await File.WriteAllTextAsync(path, JsonSerializer.Serialize(new
        {
            format = "recordingvault.v1.keys",
            keys = new[] { new { id, use = "package", algorithm = "Ed25519", publicKey = Base64Url.EncodeToString(key.Verifying().Bytes.Span), since = s_at.AddDays(-30), until = s_at.AddDays(300) } },
        }), Ct);
        return path;
    }

    private static JsonElement Read(VaultRun run) => JsonDocument.Parse(run.Out).RootElement;
}
