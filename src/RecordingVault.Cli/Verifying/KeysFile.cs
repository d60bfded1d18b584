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
        return Parse(await File.ReadAllBytesAsync(path, cancellationToken)) ?? throw NoList(path);
    }

    /// <summary>Null where it is no such list.</summary>
    public static IReadOnlyList<KeptKey>? Parse(ReadOnlyMemory<byte> text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.GetProperty("format").GetString() == "recordingvault.v1.keys" ? [.. document.RootElement.GetProperty("keys").EnumerateArray().Select(Read)] : null;
        }
        catch (Exception fault) when (fault is JsonException or FormatException or InvalidOperationException or KeyNotFoundException or ArgumentNullException)
        {
            return null;
        }
    }

    private static KeptKey Read(JsonElement key) => new(
        key.GetProperty("id").GetGuid(), key.GetProperty("use").GetString() ?? "", Base64Url.DecodeFromChars(key.GetProperty("publicKey").GetString()), Time(key, "since"), Time(key, "until"));

    private static DateTimeOffset Time(JsonElement key, string member) => DateTimeOffset.Parse(key.GetProperty(member).GetString()!, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    private static CommandException NoList(string path) => new(ExitCode.Usage, $"{path} is not a list of keys as a vault publishes it at /.well-known/recording-vault-keys.json.");
}
