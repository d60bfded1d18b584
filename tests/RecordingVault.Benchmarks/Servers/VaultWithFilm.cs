using System.Net.Http.Json;
using System.Text.Json;
using RecordingVault.Benchmarks.Loopback;

namespace RecordingVault.Benchmarks.Servers;

/// <summary>The product with a tenant, a member and a token, made by its own verbs; it is spoken to by tus and HTTP alone.</summary>
internal sealed class VaultWithFilm : IAsyncDisposable
{
    public const string Member = "bench@vault.example";

    private VaultWithFilm(MeasuredServer server, string token, string firstPassword) => (Server, Token, FirstPassword) = (server, token, firstPassword);

    public MeasuredServer Server { get; }

    public string Token { get; }

    /// <summary>Path of the content that was uploaded last.</summary>
    public string Content { get; private set; } = "";

    /// <summary>The member's password for one sign-in, which asks for an own one.</summary>
    public string FirstPassword { get; }

    public Uri Address => new($"http://localhost:{Server.Port}");

    /// <param name="fill">Works on the data folder before the server starts.</param>
    public static async Task<VaultWithFilm> StartAsync(string folder, CancellationToken cancellationToken, Func<string, Task>? fill = null)
    {
        await HostedServers.RunVerbAsync(folder, ["tenant", "create", "Bench"], cancellationToken);
        var password = await HostedServers.RunVerbAsync(folder, ["member", "create", "--email", Member, "--tenant", "Bench", "--role", "Owner"], cancellationToken);
        var token = await HostedServers.RunVerbAsync(folder, ["token", "create", "--member", Member, "--tenant", "Bench", "--name", "bench", "--role", "Owner"], cancellationToken);
        if (fill is not null)
            await fill(folder);
        return new VaultWithFilm(await HostedServers.StartVaultAsync(folder, cancellationToken), token, password);
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

    /// <summary>Returns when picture, waveform and the rest of the film that was uploaded last are made, so that ffmpeg shares no core with what is measured.</summary>
    /// <param name="mayFail">Whether it is well, too, when the film can't be processed.</param>
    public async Task ProcessedAsync(CancellationToken cancellationToken, bool mayFail = false)
    {
        using var client = Client();
        while (true)
        {
            using var answer = JsonDocument.Parse(await client.GetStringAsync(Recording, cancellationToken));
            var processing = answer.RootElement.GetProperty("processing");
            var state = processing.ValueKind == JsonValueKind.Null ? null : processing.GetProperty("state").GetString();
            if (state == "done" || (mayFail && state == "failed"))
                return;
            if (state == "failed")
                throw new InvalidOperationException($"Processing failed: {processing}");
            await Task.Delay(500, cancellationToken);
        }
    }

    /// <summary>A link to the film that was uploaded last, without a passcode, that may only be watched.</summary>
    public async Task<string> ShareAsync(CancellationToken cancellationToken)
    {
        using var client = Client();
        using var made = await client.PostAsJsonAsync(Recording + "/shares", new { recipientName = "Anna" }, cancellationToken);
        made.EnsureSuccessStatusCode();
        using var link = JsonDocument.Parse(await made.Content.ReadAsStringAsync(cancellationToken));
        return link.RootElement.GetProperty("url").GetString()!;
    }

    /// <summary>What a member gets to see, hashed.</summary>
    public string Digest()
    {
        using var connection = new Connection(Server.Port);
        return connection.Hash(Requests.Get(Server.Port, Content, Token)).Digest!;
    }

    public HttpClient Client()
    {
        var client = new HttpClient { BaseAddress = Address };
        client.DefaultRequestHeaders.Authorization = new("Bearer", Token);
        return client;
    }

    /// <summary>Id of the recording that was uploaded last.</summary>
    public string RecordingId => Recording.Split('/')[^1];

    private string Recording => Content[..^"/content".Length];

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}
