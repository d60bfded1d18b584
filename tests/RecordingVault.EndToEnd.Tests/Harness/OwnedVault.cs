using System.Net.Http.Headers;
using System.Security.Cryptography;

namespace RecordingVault.EndToEnd.Tests.Harness;

/// <summary>A running server with one organisation, and a token of its owner.</summary>
internal sealed class OwnedVault(ServerProcess server, string token) : IAsyncDisposable
{
    public const string House = "Marsh Coaching";
    public const string Mail = "helen@example.com";

    public ServerProcess Server => server;

    public string Token => token;

    public static async Task<OwnedVault> StartAsync(CancellationToken ct, params IEnumerable<KeyValuePair<string, string>> settings)
    {
        var server = ServerProcess.Prepare(settings);
        await server.RunAsync(["tenant", "create", House], ct);
        await server.RunAsync(["member", "create", "--email", Mail, "--tenant", House, "--role", "owner"], ct);
        var token = await server.CreateTokenAsync(Mail, House, ct, "owner");
        server.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        await server.StartAgainAsync(ct);
        return new OwnedVault(server, token);
    }

    /// <summary>A machine that is signed in by its environment.</summary>
    /// <param name="line">Where the server is reached from there; null for the server itself.</param>
    public CommandLine Machine(Uri? line = null) => new() { Environment = { ["VAULT_ADDRESS"] = (line ?? server.Address).ToString(), ["VAULT_TOKEN"] = token } };

    public async Task<byte[]> DigestAsync(string recording, CancellationToken ct)
    {
        await using var content = await server.Client.GetStreamAsync(new Uri($"/api/v1/recordings/{recording}/download", UriKind.Relative), ct);
        return await SHA256.HashDataAsync(content, ct);
    }

    /// <summary>Bytes that the vault takes for a recording, of a kind that no mark is written into.</summary>
    public static byte[] Film(int length)
    {
        var bytes = RandomNumberGenerator.GetBytes(length);
        "fLaC"u8.CopyTo(bytes);
        return bytes;
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();
}
