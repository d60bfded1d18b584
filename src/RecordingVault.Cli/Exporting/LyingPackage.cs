using System.IO.Compression;
using System.Net;
using System.Text.Json;
using RecordingVault.Cli.Talk;
using RecordingVault.Cli.Verifying;
using RecordingVault.Vault.Packages;

namespace RecordingVault.Cli.Exporting;

/// <summary>Whether what lies here already is what would be fetched: whole, of that recording, for that recipient and purpose, and signed by that vault.</summary>
internal static class LyingPackage
{
    private const int LongestKeys = 64 * 1024 * 1024;

    /// <summary>What a package says of itself is read once it verified, and no more of it than this.</summary>
    private const int LongestDescription = 4 * 1024 * 1024;

    /// <param name="keys">Keys that the vault publishes; null where it publishes none.</param>
    public static async Task<bool> IsAsync(string path, ExportQuestion question, IReadOnlyList<KeptKey>? keys, CancellationToken cancellationToken)
    {
        if (!File.Exists(path)) return false;
        try
        {
            await using var file = new FileStream(path, new FileStreamOptions { Mode = FileMode.Open, Access = FileAccess.Read, Share = FileShare.Read, BufferSize = 128 * 1024, Options = FileOptions.Asynchronous });
            var check = PackageCheck.Of(await PackageVerifier.VerifyAsync(file, cancellationToken), keys);
            if (check.Key is not (KeyFinding.Published or KeyFinding.NotCompared)) return false;
            file.Position = 0;
            return Says(file, check.Package, question);
        }
        catch (PackageException)
        {
            return false;
        }
    }

    /// <summary>Null where the vault publishes no such list.</summary>
    public static async Task<IReadOnlyList<KeptKey>?> KeysAsync(VaultClient vault, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(VaultClient.Patience);
        try
        {
            using var request = vault.Request(HttpMethod.Get, "/.well-known/recording-vault-keys.json");
            using var answer = await vault.SendAsync(request, limit.Token);
            return answer.StatusCode == HttpStatusCode.OK ? KeysFile.Parse(await BoundedBody.ReadAsync(answer, LongestKeys, limit.Token)) ?? throw vault.Strange()
                : answer.StatusCode == HttpStatusCode.NotFound ? null : throw await Refusal.ReadAsync(answer, limit.Token);
        }
        catch (Exception failed) when (failed is HttpRequestException or IOException || (failed is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw vault.Unreachable(failed);
        }
    }

    private static bool Says(Stream file, VerifiedPackage package, ExportQuestion question)
    {
        if (package.Files.All(one => one.Name != "data/description.json" || one.LengthInBytes > LongestDescription)) return false;
        using var zip = new ZipArchive(file, ZipArchiveMode.Read, leaveOpen: true);
        using var text = zip.GetEntry($"recordingvault-{package.Id:D}/data/description.json")!.Open();
        try
        {
            using var said = JsonDocument.Parse(text);
            return said.RootElement.GetProperty("recording").GetGuid() == question.Recordings[0]
                && said.RootElement.GetProperty("purpose").GetString() == question.Purpose && said.RootElement.GetProperty("recipient").GetString() == question.Recipient.Trim();
        }
        catch (Exception odd) when (odd is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return false;
        }
    }
}
