using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Audit;
using RecordingVault.Server.Features.Consent.Ledger;
using RecordingVault.Server.Features.Keys;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Paging;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Vault.Audit;
using RecordingVault.Vault.Columns;

namespace RecordingVault.Server.Features.Consent.Wording;

/// <param name="Language">A language tag.</param>
/// <param name="Title">Absent with the text: from now on the vault's own words are shown in this language.</param>
/// <param name="Uses">By purpose; what is absent is the vault's.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record ConsentTextRequest(string? Language, string? Title, string? Text, IReadOnlyDictionary<string, string?>? Uses);

/// <param name="Title">Null, with the text, where the version leads back to the vault's words.</param>
/// <param name="Since">Null of the vault's own.</param>
internal sealed record ConsentTextResponse(string Version, string Language, string? Title, string? Text, IReadOnlyDictionary<string, string> Uses, DateTimeOffset? Since, ConsentRecorder? By)
{
    public static ConsentTextResponse Of(ShownText shown, ConsentText row) =>
        new(shown.Version, shown.Language, shown.Words?.Title, shown.Words?.Text, shown.Words?.Uses ?? new Dictionary<string, string>(StringComparer.Ordinal), row.CreatedAt, new ConsentRecorder(ConsentWords.Name(row.MadeByKind), row.MadeById));

    public static ConsentTextResponse OfVault(string language)
    {
        var words = VaultWords.In(language);
        return new ConsentTextResponse(VaultWords.Version, language, words.Title, words.Text, words.Uses, null, null);
    }
}

/// <summary>GET and POST /api/v1/tenant/consent-texts, and GET /api/v1/tenant/consent-texts/{version}.</summary>
internal static class WriteConsentText
{
    private const string Listed = "consent-texts";

    public static async Task<Results<Created<ConsentTextResponse>, ProblemHttpResult>> Handle(ConsentTextRequest request, HttpContext http, ConsentTextChange change, VaultDbContext db, ConsentTexts texts, CancellationToken cancellationToken)
    {
        if (ConsentTexts.Tongue(request.Language) is not { } language)
            return Problem.Invalid("language", "give a language tag such as en or de-AT.").ToResult();
        var isBack = request.Title is null && request.Text is null && request.Uses is null or { Count: 0 };
        OwnWords? words = null;
        if (!isBack)
        {
            (words, var wrong) = OwnWords.Read(request.Title, request.Text, request.Uses ?? new Dictionary<string, string?>(StringComparer.Ordinal));
            if (wrong is not null)
                return wrong.ToResult();
        }

        var (number, refusal) = await change.WriteAsync(language, words, http, cancellationToken);
        if (refusal is not null)
            return refusal.ToResult();
        var row = await db.ConsentTexts.AsNoTracking().SingleAsync(text => text.Number == number, cancellationToken);
        return TypedResults.Created($"/api/v1/tenant/consent-texts/{ConsentTexts.VersionOf(number)}", ConsentTextResponse.Of(await texts.OpenAsync(row, cancellationToken), row));
    }

    public static async Task<Results<Ok<PageResponse<ConsentTextResponse>>, ProblemHttpResult>> List(int? limit, string? cursor, VaultDbContext db, ConsentTexts texts, Cursors cursors, CancellationToken cancellationToken)
    {
        if (Cursors.CheckLimit(limit) is { } wrong)
            return wrong.ToResult();
        var query = db.ConsentTexts.AsNoTracking();
        if (cursor is { Length: > 0 })
        {
            if (!cursors.TryReadValue(Listed, db.TenantId, cursor, out var after))
                return Cursors.Wrong().ToResult();
            query = query.Where(text => text.Number < after.Value);
        }

        var length = limit ?? Cursors.DefaultLimit;
        var rows = await query.OrderByDescending(text => text.Number).Take(length + 1).ToListAsync(cancellationToken);
        List<ConsentTextResponse> items = [];
        foreach (var row in rows.Take(length))
            items.Add(ConsentTextResponse.Of(await texts.OpenAsync(row, cancellationToken), row));
        return TypedResults.Ok(new PageResponse<ConsentTextResponse>(items, rows.Count > length ? cursors.WriteValue(Listed, db.TenantId, (rows[length - 1].Number, rows[length - 1].Id)) : null));
    }

    /// <summary>A version that a record or a receipt names; the vault's own in either of its languages.</summary>
    public static async Task<Results<Ok<ConsentTextResponse>, ProblemHttpResult>> Read(string version, string? language, VaultDbContext db, ConsentTexts texts, CancellationToken cancellationToken)
    {
        if (await texts.FindAsync(version, language, cancellationToken) is not { } shown)
            return Problem.NotFound.ToResult();
        if (shown.Words is null)
            return TypedResults.Ok(ConsentTextResponse.OfVault(shown.Language));
        var number = ConsentTexts.NumberOf(version);
        return TypedResults.Ok(ConsentTextResponse.Of(shown, await db.ConsentTexts.AsNoTracking().SingleAsync(text => text.Number == number, cancellationToken)));
    }
}

/// <summary>Adds a version, in a transaction with its event. It is an Owner's or an Admin's; who has opened a question meanwhile is shown it before a yes of his counts.</summary>
internal sealed class ConsentTextChange(VaultDbContext db, TenantKeys keys, AuditLog audit, TimeProvider time)
{
    public const string Written = "consent-text.written";

    /// <param name="words">Null leads back to the vault's own.</param>
    public async Task<(int Number, Problem? Problem)> WriteAsync(string language, OwnWords? words, HttpContext http, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await audit.TakeTurnAsync(cancellationToken);
        // His role may have been changed since the request came in.
        if (await MemberStanding.ReadAsync(db, MemberPass.Of(http), time.Now(), cancellationToken) is not { Role: Role.Owner or Role.Admin })
            return (0, Problem.Forbidden);
        var number = (await db.ConsentTexts.MaxAsync(text => (int?)text.Number, cancellationToken) ?? 0) + 1;
        var (id, actor) = (Guid.CreateVersion7(time.Now()), http.Actor());
        using var key = await keys.DataKeyAsync(cancellationToken);
        db.ConsentTexts.Add(new ConsentText
        {
            TenantId = db.TenantId,
            Id = id,
            Number = number,
            Language = language,
            Words = words is null ? null : SealedText.Seal(key, db.TenantId, id, ConsentText.WordsColumn, JsonSerializer.Serialize(words)),
            CreatedAt = time.Now(),
            MadeByKind = actor.Kind,
            MadeById = actor.Id,
        });
        await audit.AppendAsync(
            new AuditEntry(Written, actor, AuditTargetKind.Tenant, db.TenantId) { Fields = [("version", ConsentTexts.VersionOf(number)), ("language", language), ("words", words is null ? "vault" : "own")] }, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return (number, null);
    }
}
