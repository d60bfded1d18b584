using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.Features;
using RecordingVault.Server.Platform.Pages;
using RecordingVault.Server.Platform.Problems;

namespace RecordingVault.Server.Platform.Security;

/// <summary>
/// Stands before every endpoint: an unsafe request that did not come with an Authorization header must come from the vault's own page
/// (Sec-Fetch-Site, or Origin where a browser does not send it) and carry the antiforgery token (security.md 9). A middleware and not an
/// endpoint filter, so that no route, however it is mapped, can be forgotten.
/// </summary>
internal sealed class CrossSiteGuard(RequestDelegate next, IAntiforgery antiforgery, PublicAddress address, ErrorPageWriter errorPage)
{
    /// <summary>Bytes of a form post (security.md 11).</summary>
    public const int FormLimit = 64 * 1024;

    /// <summary>Fields of a form; the longest of our own has nine.</summary>
    public const int FormFields = 64;

    /// <summary>Characters of a field's name.</summary>
    public const int LongestField = 256;

    public const string TokenHeader = "RequestVerificationToken";
    public const string TokenField = "__RequestVerificationToken";
    public const string TenantHeader = "Vault-Tenant";
    public const string TenantField = "vault-tenant";

    public async Task InvokeAsync(HttpContext http)
    {
        // Before anything reads: an address without a limit of its own (uploads) must not have its body read as a form, whoever sends it.
        if (http.Request.HasFormContentType && http.Request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase))
        {
            await Problem.FormNotTaken.WriteAsync(http);
            return;
        }

        // Antiforgery and pages read forms. A multipart form could spill a file to disk while it is read, and no address takes one (security.md 11).
        if (http.Request.ContentType is { } type && type.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase))
        {
            await Problem.NoForm.WriteAsync(http);
            return;
        }

        if (IsSafe(http.Request.Method))
        {
            await next(http);
            return;
        }

        var isByHeader = http.Request.Headers.ContainsKey("Authorization");
        if (!isByHeader && !IsSameOrigin(http.Request))
        {
            await RefuseAsync(http, Problem.CrossSite, PageError.StaleForm);
            return;
        }

        if (http.Request.HasFormContentType && await ReadFormAsync(http) is { } unread)
        {
            await unread.WriteAsync(http);
            return;
        }

        if (isByHeader)
        {
            await next(http);
            return;
        }

        if (!await HasTokenAsync(http))
        {
            await RefuseAsync(http, Problem.CrossSite, PageError.StaleForm);
            return;
        }

        // Doors that are open to anybody (sign-in, the theme) act in no tenant; all else says for which one its page was made.
        if (http.User.TenantId() is { } tenant && http.GetEndpoint()?.Metadata.GetMetadata<IAllowAnonymous>() is null)
        {
            var named = await NamedTenantAsync(http.Request);
            if (!Guid.TryParse(named, out var pageTenant) || pageTenant != tenant)
            {
                await RefuseAsync(http, named.Length == 0 ? Problem.TenantMissing : Problem.TenantMismatch, PageError.OtherTenant);
                return;
            }
        }

        await next(http);
    }

    /// <summary>Reads the form once, for all who ask after us, and no more of it than a form may have; a body without a Content-Length is counted while it is read.</summary>
    private static async Task<Problem?> ReadFormAsync(HttpContext http)
    {
        if (http.Request.ContentLength > FormLimit)
            return Problem.TooLarge;
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } body)
            body.MaxRequestBodySize = FormLimit;
        try
        {
            await http.Request.ReadFormAsync(http.RequestAborted);
            return null;
        }
        catch (BadHttpRequestException fault) when (fault.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return Problem.TooLarge;
        }
        catch (Exception fault) when (fault is BadHttpRequestException or InvalidDataException)
        {
            return Problem.BadRequest;
        }
    }

    private async Task<bool> HasTokenAsync(HttpContext http)
    {
        try
        {
            return await antiforgery.IsRequestValidAsync(http);
        }
        catch (AntiforgeryValidationException)
        {
            return false; // a form that can't be read has no token
        }
    }

    /// <summary>The tenant that the page was made for: by header from scripts, by field from forms.</summary>
    public static async Task<string> NamedTenantAsync(HttpRequest request) =>
        request.Headers[TenantHeader].ToString() is { Length: > 0 } header ? header
        : request.HasFormContentType ? (await request.ReadFormAsync(request.HttpContext.RequestAborted))[TenantField].ToString()
        : "";

    private Task RefuseAsync(HttpContext http, Problem problem, PageError error) => http.Request.WantsPage() ? errorPage(http, error) : problem.WriteAsync(http);

    private static bool IsSafe(string method) => HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method) || HttpMethods.IsTrace(method);

    private bool IsSameOrigin(HttpRequest request)
    {
        var site = request.Headers["Sec-Fetch-Site"].ToString();
        return site.Length > 0
            ? string.Equals(site, "same-origin", StringComparison.Ordinal)
            : request.Headers.Origin.ToString() is { Length: > 0 } origin && address.IsOwnOrigin(origin, request);
    }
}
