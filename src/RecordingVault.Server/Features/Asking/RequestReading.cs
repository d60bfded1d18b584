using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Asking;

/// <summary>A question as its askers see it. Its address has the fragment that opens it only in the answer that made the secret.</summary>
/// <param name="State">open, answered, expired or stopped.</param>
internal sealed record RequestResponse(
    Guid Id, string Url, Guid Recording, Guid Participant, IReadOnlyList<string> Purposes, bool MayWatch, string? Note, string State, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt,
    DateTimeOffset? AnsweredAt, DateTimeOffset? StoppedAt)
{
    /// <summary>Whether a letter carries the link, which is shown nowhere then.</summary>
    public bool Mailed { get; init; }

    /// <summary>When he was written to again; null where he was not.</summary>
    public DateTimeOffset? RemindedAt { get; init; }

    public RequestResponse WithSecret(ReadOnlySpan<byte> secret) => this with { Url = $"{Url}#{SecretToken.ToText(secret)}" };
}

internal sealed record AskedResponse(IReadOnlyList<RequestResponse> Items);

/// <summary>Opens requests' rows for those who asked.</summary>
internal sealed class RequestReading(TenantKeys keys, PublicAddress address, TimeProvider time)
{
    public string UrlOf(HttpRequest http, Guid id) => $"{address.Root(http)}{ConsentPaths.Of(id)}";

    /// <summary>In the order given; of one recording.</summary>
    public async Task<IReadOnlyList<RequestResponse>> OpenAsync(HttpRequest http, IReadOnlyList<ConsentRequest> requests, CancellationToken cancellationToken)
    {
        if (requests.Count == 0)
            return [];
        using var key = await keys.RecordingKeyAsync(requests[0].RecordingId, cancellationToken);
        var now = time.Now();
        return [.. requests.Select(request => new RequestResponse(
            request.Id, UrlOf(http, request.Id), request.RecordingId, request.ParticipantId, request.Purposes.Split(' '), request.MayWatch,
            request.Note?.Open(key, request.TenantId, request.Id, ConsentRequest.NoteColumn), request.StateAt(now).ToString().ToLowerInvariant(), request.CreatedAt, request.ExpiresAt, request.AnsweredAt, request.StoppedAt) { Mailed = request.IsMailed, RemindedAt = request.RemindedAt })];
    }
}
