/** The file cabinet in the simulator's default world that holds the documents. */
export const INVOICES = 'a1c5f8d2-3b1e-4a67-9c0d-7e2f4b8a1d10';
