using System.Buffers.Text;
using System.Globalization;
using System.Text.Json;

namespace RecordingVault.Cli.Verifying;

/// <summary>One line of the keys that a vault publishes.</summary>
internal sealed record KeptKey(Guid Id, string Use, ReadOnlyMemory<byte> PublicKey, DateTimeOffset Since, DateTimeOffset Until);

/// <summary>A copy of `/.well-known/recording-vault-keys.json`, which its reader got where he trusts it.</summary>
internal static class KeysFile
{
    private const int MaxLength = 64 * 1024 * 1024;

    public static async Task<IReadOnlyList<KeptKey>> ReadAsync(string path, CancellationToken cancellationToken)
    {
        if (!File.Exists(path)) throw new CommandException(ExitCode.Usage, $"There is no file {path}. --keys wants a copy of /.well-known/recording-vault-keys.json.");
        if (new FileInfo(path).Length > MaxLength) throw NoList(path);
        try
        {
            using var document = JsonDocument.Parse(await File.ReadAllBytesAsync(path, cancellationToken));
            if (document.RootElement.GetProperty("format").GetString() != "recordingvault.v1.keys") throw NoList(path);
            return [.. document.RootElement.GetProperty("keys").EnumerateArray().Select(Read)];
        }
        catch (Exception fault) when (fault is JsonException or FormatException or InvalidOperationException or KeyNotFoundException or ArgumentNullException)
        {
            throw NoList(path);
        }
    }

    private static KeptKey Read(JsonElement key) => new(
        key.GetProperty("id").GetGuid(), key.GetProperty("use").GetString() ?? "", Base64Url.DecodeFromChars(key.GetProperty("publicKey").GetString()), Time(key, "since"), Time(key, "until"));

    private static DateTimeOffset Time(JsonElement key, string member) => DateTimeOffset.Parse(key.GetProperty(member).GetString()!, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    private static CommandException NoList(string path) => new(ExitCode.Usage, $"{path} is not a list of keys as a vault publishes it at /.well-known/recording-vault-keys.json.");
}
