using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;

namespace RecordingVault.Server.Platform.Problems;

/// <summary>A refusal that we expect, as an RFC 9457 problem. Slugs are listed in docs/problems.md and never change.</summary>
/// <param name="Slug">Last part of the problem's type address.</param>
/// <param name="Status">HTTP status.</param>
/// <param name="Title">One sentence that says what was refused and what cures it.</param>
internal sealed record Problem(string Slug, int Status, string Title)
{
    public static readonly Problem NotFound = new("not-found", 404, "There is nothing here that you may see.");
    public static readonly Problem Forbidden = new("forbidden", 403, "Your role does not allow this. Ask an owner of the tenant.");
    public static readonly Problem PersonNeeded = new("person-needed", 403, "Only a signed-in person does this, and no API token. Sign in, and do it on its page or with your session.");
    public static readonly Problem Unauthorized = new("sign-in-needed", 401, "Sign in, or send a valid API token.");
    public static readonly Problem CrossSite = new("cross-site", 403, "This request did not come from the vault's own page. Reload the page and try again.");
    public static readonly Problem TenantMismatch = new("tenant-mismatch", 409, "You have switched to another tenant since this page was opened. Reload the page.");
    public static readonly Problem ChangedMeanwhile = new("changed-meanwhile", 409, "Somebody else has changed this meanwhile. Read it again, then change it.");
    public static readonly Problem TenantMissing = new("tenant-missing", 409, "Say which tenant this is for: the header Vault-Tenant, or the field vault-tenant of a form, holds its id. Reload the page.");
    public static readonly Problem WrongHost = new("wrong-host", 400, "The vault is not served under this name. Use its public address.");
    public static readonly Problem Fault = new("fault", 500, "Something stopped on our side. Nothing was lost; try again, and look into the server's log if it stays.");
    public static readonly Problem StoreUnavailable =
        new("store-unavailable", 503, "The store of this vault does not answer just now. What was acknowledged is kept; try again in a moment.") { RetryAfter = TimeSpan.FromSeconds(5) };
    public static readonly Problem StoreFull = new("store-full", 507, "The vault's disk is full. What was acknowledged is kept; free some room on the server and go on.");
    public static readonly Problem TooLarge = new("too-large", 413, "The request is larger than this address takes.");
    public static readonly Problem BadRequest = new("bad-request", 400, "The request can't be read. See docs/api.md for its shape.");
    public static readonly Problem NoForm = new("bad-request", 400, "Send the form as application/x-www-form-urlencoded.");

    public static readonly Problem SecondFactorFirst = new("second-factor-first", 403, "You have a second factor and signed in without it. Show it on the page /signin/again, then repeat this.");
    public static readonly Problem FreshSignIn = new("fresh-sign-in", 403, "This opens more than was open, and your sign-in is older than ten minutes. Show your password again on the page /signin/again, then repeat it.");
    public static readonly Problem FormNotTaken = new("form-not-taken", 415, "This address takes no form. Send JSON as application/json, and the bytes of an upload as application/offset+octet-stream.");

    public static Problem Invalid(string field, string cure) => new("invalid", 400, $"{field}: {cure}") { Field = field };

    /// <summary>The member of the input that is wrong, where there is one.</summary>
    public string? Field { get; init; }

    /// <summary>When it may be worth asking again; told in the header Retry-After.</summary>
    public TimeSpan? RetryAfter { get; init; }

    public string? RetryAfterSeconds => RetryAfter is { } pause ? ((int)pause.TotalSeconds).ToString(CultureInfo.InvariantCulture) : null;

    /// <summary>More members for scripts and pages to read, such as how many tries are left. Null values are left out.</summary>
    public IReadOnlyDictionary<string, object?>? Members { get; init; }

    /// <summary>For a page: without the field's name in front, which is for programs; a page says it by where the sentence stands.</summary>
    public string Sentence =>
        Field is { } named && Title.StartsWith(named + ": ", StringComparison.Ordinal) ? char.ToUpperInvariant(Title[named.Length + 2]) + Title[(named.Length + 3)..] : Title;

    public ProblemHttpResult ToResult()
    {
        var extensions = new Dictionary<string, object?>(StringComparer.Ordinal);
        if (Field is not null)
            extensions["field"] = Field;
        foreach (var (name, value) in Members ?? new Dictionary<string, object?>(StringComparer.Ordinal))
        {
            if (value is not null)
                extensions[name] = value;
        }

        return TypedResults.Problem(title: Title, statusCode: Status, type: $"/problems/{Slug}", extensions: extensions);
    }

    public Task WriteAsync(HttpContext http)
    {
        http.Response.StatusCode = Status;
        if (RetryAfterSeconds is { } pause)
            http.Response.Headers.RetryAfter = pause;
        return ToResult().ExecuteAsync(http);
    }
}
