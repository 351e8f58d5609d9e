using Rouser.Cluster.Http;

namespace Rouser.Web.Door;

/// <summary>The address of a page.</summary>
public static class PageLink
{
    /// <summary>
    /// The link that logs in. What stands behind <c>#</c> is sent to nobody; the page takes it out of the address bar.
    /// For the user's terminal only: whoever has the link has the token.
    /// </summary>
    public static string WithToken(Uri page, AccessToken token) => $"{page}#token={Uri.EscapeDataString(token.Text)}";
}
