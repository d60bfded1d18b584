using System.Text.Json;
using System.Text.Json.Serialization;
using RecordingVault.Cli.Output;

namespace RecordingVault.Cli.Account;

/// <summary>The sign-in between two commands: one file, mode 0600, in a folder for its owner alone.</summary>
internal static partial class SignInFile
{
    private const int Longest = 4_096;

    public static string Path => System.IO.Path.Combine(PrivateFolder.OfSettings, "login.json");

    public static async Task WriteAsync(SignIn signIn, CancellationToken cancellationToken)
    {
        PrivateFolder.Make(PrivateFolder.OfSettings);
        var text = JsonSerializer.SerializeToUtf8Bytes(new Kept(signIn.Address.GetLeftPart(UriPartial.Authority), signIn.Token), Json.Default.Kept);
        await NewFile.WriteAsync(Path, force: true, async (file, ct) => await file.WriteAsync(text, ct), cancellationToken);
    }

    /// <summary>The kept sign-in; null when nobody signed in. Refused where others could have read or changed it.</summary>
    public static SignIn? Read()
    {
        var place = new FileInfo(Path);
        if (place.LinkTarget is not null)
            throw new CommandException(ExitCode.InputOutput, $"{Path} is a link, so this program does not trust it. Remove it and run `vault login` again.");
        if (!place.Exists) return null;
        PrivateFolder.Require(PrivateFolder.OfSettings);
        using var file = File.OpenHandle(Path);
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(file) & PrivateFolder.Others) != UnixFileMode.None)
        {
            throw new CommandException(ExitCode.InputOutput,
                $"{Path} holds your token and is open to other users of this machine. Run: chmod 600 '{Path}'. If somebody else uses this machine, also stop the token and make a new one.");
        }

        var text = new byte[Longest];
        var length = RandomAccess.Read(file, text, 0);
        try
        {
            return JsonSerializer.Deserialize(text.AsSpan(0, length), Json.Default.Kept) is { Address: { } address, Token: { } token }
                ? new SignIn(VaultAddress.Parse(address), SignIn.CheckToken(token))
                : throw Broken();
        }
        catch (JsonException)
        {
            throw Broken();
        }
    }

    /// <summary>Whether there was one.</summary>
    public static bool Remove()
    {
        if (!File.Exists(Path) && new FileInfo(Path).LinkTarget is null) return false;
        File.Delete(Path);
        return true;
    }

    private static CommandException Broken() => new(ExitCode.InputOutput, $"{Path} can't be read as a sign-in. Run `vault login` again.");

    private sealed record Kept(string? Address, string? Token);

    [JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
    [JsonSerializable(typeof(Kept))]
    private sealed partial class Json : JsonSerializerContext;
}
