using RecordingVault.Benchmarks.Loopback;

namespace RecordingVault.Benchmarks.Servers;

/// <summary>The product with a tenant, a member and a token, made by its own verbs; it is spoken to by tus and HTTP alone.</summary>
internal sealed class VaultWithFilm : IAsyncDisposable
{
    private VaultWithFilm(MeasuredServer server, string token) => (Server, Token) = (server, token);

    public MeasuredServer Server { get; }

    public string Token { get; }

    /// <summary>Path of the content that was uploaded last.</summary>
    public string Content { get; private set; } = "";

    public static async Task<VaultWithFilm> StartAsync(string folder, CancellationToken cancellationToken)
    {
        await HostedServers.RunVerbAsync(folder, ["tenant", "create", "Bench"], cancellationToken);
        await HostedServers.RunVerbAsync(folder, ["member", "create", "--email", "bench@vault.example", "--tenant", "Bench", "--role", "Owner"], cancellationToken);
        var token = await HostedServers.RunVerbAsync(
            folder, ["token", "create", "--member", "bench@vault.example", "--tenant", "Bench", "--name", "bench", "--role", "Owner"], cancellationToken);
        return new VaultWithFilm(await HostedServers.StartVaultAsync(folder, cancellationToken), token);
    }

    /// <summary>Creation and one PATCH: the answer comes when the recording can be read.</summary>
    public void Upload(Film film) => Content = UploadTo(Server.Port, "/api/v1/uploads/", Token, film).Header("Vault-Recording") + "/content";

    /// <summary>The same words to any server that speaks so much of tus.</summary>
    public static Answer UploadTo(int port, string creation, string? token, Film film)
    {
        using var connection = new Connection(port);
        var address = connection.Ask(Requests.CreateUpload(port, creation, film.Length, token)).Header("Location");
        var path = Uri.TryCreate(address, UriKind.Absolute, out var whole) && whole.Scheme == "http" ? whole.AbsolutePath : address;
        return connection.Send(Requests.Append(port, path, film.Length, token), film.Path);
    }

    /// <summary>What a member gets to see, hashed.</summary>
    public string Digest()
    {
        using var connection = new Connection(Server.Port);
        return connection.Hash(Requests.Get(Server.Port, Content, Token)).Digest!;
    }

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}
