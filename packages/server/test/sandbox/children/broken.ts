// A program that ends before it serves.
process.exit(7);
